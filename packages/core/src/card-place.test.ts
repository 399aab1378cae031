import { describe, expect, it, test } from 'vitest'
import { isAlternative, placesOf } from './card-place.ts'

const card = (code: string, ...meters: string[]) => ({ code, usageRates: meters.map((meter) => ({ meter })) })

const FREE = card('free', 'images')
const PRO = card('pro', 'images', 'videos')
const VOICES = card('voices', 'voices')
const ALL = card('all', 'images', 'voices')
const SEATS = card('seats')
const SUPPORT = card('support')

test.each([
  ['rate one meter', FREE, PRO, true],
  ['rate different meters', FREE, VOICES, false],
  ['rate one meter of several', ALL, VOICES, true],
  ['rate none', SEATS, SUPPORT, true],
  ['one rates, the other does not', FREE, SEATS, false],
  ['are the same', VOICES, VOICES, true],
])('two cards are alternatives or not: they %s', (_, one, other, expected) => {
  expect(isAlternative(one, other)).toBe(expected)
  expect(isAlternative(other, one)).toBe(expected)
})

describe('a card', () => {
  it.each([
    ['is the first', PRO, [], 'beside'],
    ['replaces the one that rates its meter', PRO, [FREE], 'instead of free'],
    ['replaces it beside another', PRO, [VOICES, FREE], 'instead of free'],
    ['is added to what rates other meters', VOICES, [FREE, SEATS], 'beside'],
    ['is added to what rates none', FREE, [SEATS], 'beside'],
    ['rates what two cards rate', ALL, [FREE, VOICES], 'neither'],
    ['without meters replaces any of them', SUPPORT, [SEATS, FREE, card('storage')], 'instead of seats, storage'],
    ['takes its own place', SEATS, [card('storage'), SEATS], 'instead of seats'],
    ['of a new version takes it too', card('free', 'songs'), [FREE, VOICES], 'instead of free'],
    ['of a new version rates what another rates', card('free', 'voices'), [FREE, VOICES], 'neither'],
  ])('%s', (_, offered, held, expected) => {
    const { beside, insteadOf } = placesOf(offered, held, (one) => one)
    const said = beside
      ? 'beside'
      : insteadOf.length > 0
        ? `instead of ${insteadOf.map(({ code }) => code).join(', ')}`
        : 'neither'
    expect(said).toBe(expected)
  })
})
