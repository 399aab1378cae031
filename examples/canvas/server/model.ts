import { dice, pick } from './dice.ts'
import { drawScene } from './scene.ts'

// Stands in for three models: words from lists and drawn landscapes. The same key always makes the same node.

export interface TextNode {
  readonly kind: 'text'
  readonly id: string
  readonly prompt: string
  readonly text: string
}

/** Pictures are SVG documents. */
export interface ImageNode {
  readonly kind: 'image'
  readonly id: string
  readonly prompt: string
  readonly picture: string
}

export interface VideoNode {
  readonly kind: 'video'
  readonly id: string
  readonly prompt: string
  /** A picture a second. */
  readonly frames: readonly string[]
  /** How long it is meant to be. */
  readonly seconds: number
  readonly state: 'working' | 'done' | 'stopped' | 'out-of-credits'
}

export type Node = TextNode | ImageNode | VideoNode
const LONGEST_PROMPT = 120
export const isPrompt = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST_PROMPT

const BEGINNINGS = [
  'It begins with',
  'Picture',
  'Nobody expected',
  'Every morning there is',
  'Somewhere behind the hill waits',
]
const TURNS = ['The light does the rest', 'A bell answers twice', 'The wind knows the words', 'The colours arrive late']
const ENDINGS = [
  'and the road bends home.',
  'and nobody hurries.',
  'until the first star.',
  'as if it had always been so.',
]

export function write(key: string, prompt: string): TextNode {
  const roll = dice(`${key} ${prompt}`)
  const text = `${pick(BEGINNINGS, roll(0))} ${prompt.trim()}. ${pick(TURNS, roll(1))}, ${pick(ENDINGS, roll(2))}`
  return { id: key, kind: 'text', prompt, text }
}

export function paint(key: string, prompt: string): ImageNode {
  return { id: key, kind: 'image', prompt, picture: drawScene(`${key} ${prompt}`, 0.6) }
}
