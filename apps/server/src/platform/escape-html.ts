const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as it stands in HTML, between tags and within quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => ENTITIES[letter] as string)
}

/** Text that a stranger wrote, on one line: no breaks, no controls, nothing that turns what follows around. */
export function oneLine(text: string, most = 200): string {
  const plain = text.replace(/[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\s]+/gu, ' ').trim()
  const letters = [...plain]
  return letters.length <= most ? plain : `${letters.slice(0, most - 1).join('')}…`
}
