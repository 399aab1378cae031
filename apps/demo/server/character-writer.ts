import { createHash } from 'node:crypto'
import {
  BUILDS,
  CONSEQUENCES,
  EPITHETS,
  FEATURES,
  FIRST_NAMES,
  GARMENTS,
  LAST_NAMES,
  ORIGINS,
  QUIRKS,
  SAYINGS,
  SECRETS,
  TURNS,
  WANTS,
} from './phrases.ts'

export type CharacterPart = { title: string; text: string }
export type CharacterSize = 1 | 2 | 3
export type Character = { id: string; prompt: string; size: CharacterSize; name: string; parts: CharacterPart[] }

/** One word of a part, as a model would send it. */
export type Token = { part: string; text: string }

const WRITING_TAKES_MS = 2000

/** A stand-in for a language model: the same id and prompt always give the same character, another id another one. */
export function imagineCharacter(id: string, prompt: string, size: CharacterSize): Character {
  const draw = drawFrom(`${id} ${prompt}`)
  const name = `${draw(FIRST_NAMES)} ${draw(LAST_NAMES)}`
  const parts = [
    { title: 'At a glance', text: `${capital(prompt)}. ${draw(BUILDS)}, with ${draw(FEATURES)}.` },
    { title: 'Wears', text: `${capital(draw(GARMENTS))}.` },
    { title: 'Quirk', text: draw(QUIRKS) },
  ]
  if (size >= 2) {
    const first = name.split(' ')[0]
    parts.push(
      { title: 'Also known as', text: `${capital(draw(EPITHETS))}.` },
      { title: 'Backstory', text: `${first} ${draw(ORIGINS)}. ${draw(TURNS)}, ${draw(CONSEQUENCES)}.` },
      { title: 'Wants', text: `${capital(draw(WANTS))}.` },
    )
  }
  if (size === 3) {
    parts.push(
      { title: 'Secret', text: draw(SECRETS) },
      { title: 'Under pressure', text: draw(QUIRKS) },
      { title: 'In their own words', text: draw(SAYINGS) },
    )
  }
  return { id, prompt, size, name, parts }
}

/** Sends the character word by word over about two seconds. Ends early when `signal` says that nobody reads any more. */
export async function* writeOut({ name, parts }: Character, signal: AbortSignal): AsyncGenerator<Token> {
  const tokens = [{ title: 'Name', text: name }, ...parts].flatMap(({ title, text }) =>
    text.split(/(?<= )/).map((word) => ({ part: title, text: word })),
  )
  for (const token of tokens) {
    if (signal.aborted) return
    await new Promise((resolve) => setTimeout(resolve, WRITING_TAKES_MS / tokens.length))
    yield token
  }
}

/** Draws without repeating within a list, from a hash: 32 bits of it decide each draw. */
function drawFrom(seed: string): (list: readonly string[]) => string {
  const drawn = new Set<string>()
  let turn = 0
  return (list) => {
    turn += 1
    const left = list.filter((phrase) => !drawn.has(phrase))
    const phrase = left[createHash('sha256').update(`${turn} ${seed}`).digest().readUInt32BE() % left.length] ?? ''
    drawn.add(phrase)
    return phrase
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).replace(/[.\s]+$/, '')
}
