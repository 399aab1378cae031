import { createHash } from 'node:crypto'

/** Numbered throws that come out the same for the same seed. */
export type Dice = (throwNumber: number) => number

export function dice(seed: string): Dice {
  const bytes = createHash('sha256').update(seed).digest()
  return (throwNumber) => bytes[throwNumber % bytes.length] ?? 0
}

export function pick<T>(list: readonly [T, ...T[]] | readonly T[], roll: number): T {
  return list[roll % list.length] as T
}
