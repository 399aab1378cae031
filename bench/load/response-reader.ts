const HEAD_END = '\r\n\r\n'
const LAST_CHUNK = '0\r\n\r\n'

/**
 * Reads HTTP/1.1 answers from a connection that has one request in flight at a time. It knows just enough of HTTP: a
 * status, a content length, or chunks that end with the last one.
 */
export function createResponseReader(answered: (answer: string) => void): (chunk: Buffer) => void {
  let text = ''
  return (chunk) => {
    text += chunk.toString('latin1')
    const headEnd = text.indexOf(HEAD_END)
    if (headEnd === -1 || !isComplete(text, headEnd)) return
    const answer = text
    text = ''
    answered(answer)
  }
}

function isComplete(text: string, headEnd: number): boolean {
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1]
  if (length !== undefined) return text.length >= headEnd + HEAD_END.length + Number(length)
  return text.endsWith(LAST_CHUNK)
}

/** How many times the proof stands in the answer; 0 for any status but 200. */
export function countProofs(answer: string, proof: string): number {
  if (!answer.startsWith('HTTP/1.1 200')) return 0
  let count = 0
  for (let at = answer.indexOf(proof); at !== -1; at = answer.indexOf(proof, at + proof.length)) count++
  return count
}
