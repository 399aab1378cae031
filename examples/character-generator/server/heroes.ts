import { dice, pick } from './dice.ts'
import { drawPortrait } from './portrait.ts'

// Stands in for a model: words from lists and a drawn portrait. The same key always brings the same heroes.

export interface Hero {
  readonly id: string
  readonly name: string
  readonly calling: Calling
  readonly story: string
  readonly strengths: readonly { readonly name: string; readonly value: number }[]
  /** An SVG document. */
  readonly portrait: string
}

export const CALLINGS = ['Knight', 'Ranger', 'Wizard', 'Bard', 'Rogue', 'Healer'] as const
export type Calling = (typeof CALLINGS)[number]

const NAMES = {
  coast: ['Maren', 'Teague', 'Isolde', 'Corwin', 'Nerys', 'Brannock', 'Saoirse', 'Pelle'],
  forest: ['Rowan', 'Linnea', 'Alder', 'Briar', 'Sorrel', 'Hazel', 'Yarrow', 'Oswin'],
  mountains: ['Dagna', 'Torvald', 'Eir', 'Brokk', 'Sunniva', 'Hallvard', 'Ragna', 'Ulf'],
  city: ['Lucia', 'Ambrose', 'Vesper', 'Matteo', 'Odile', 'Silas', 'Renata', 'Florian'],
}
export type Origin = keyof typeof NAMES
export const isOrigin = (value: unknown): value is Origin => typeof value === 'string' && Object.hasOwn(NAMES, value)

const SURNAMES = [
  'Ashdown',
  'Fairweather',
  'of the Ford',
  'Thistlewood',
  'Longstride',
  'Quill',
  'the Late',
  'Underhill',
]
const PAST = [
  'once talked a dragon out of lunch',
  'lost a kingdom at cards and won a mule',
  'has the only map, drawn from memory',
  'left the academy by a window',
  'owes a favour to every ferryman',
  'was raised by clockmakers',
  'sleeps with one boot on',
]
const WISH = [
  'wants to see the sea again',
  'would follow anyone who can cook',
  'is looking for a sister',
  'collects the last lines of songs',
  'never opens a door first',
  'trusts nobody who whistles',
]

export function recruit(key: string, origin: Origin, size: number): Hero[] {
  const first = dice(key)
  return Array.from({ length: size }, (_, index) => {
    const roll = dice(`${key} ${origin} ${index}`)
    const calling = pick(CALLINGS, first(0) + index)
    return {
      id: `${key} ${index}`,
      name: `${pick(NAMES[origin], first(1) + index)} ${pick(SURNAMES, roll(2))}`,
      calling,
      story: `${capital(pick(PAST, roll(3)))}, and ${pick(WISH, roll(4))}.`,
      strengths: ['Might', 'Wits', 'Heart'].map((name, at) => ({ name, value: 3 + (roll(5 + at) % 7) })),
      portrait: drawPortrait(calling, roll),
    }
  })
}

const capital = (text: string) => text.replace(/^./, (first) => first.toUpperCase())
