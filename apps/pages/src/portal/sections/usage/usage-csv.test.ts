import { expect, test } from 'vitest'
import { groupsOf, sumsOf } from './bucket-words.ts'
import { csvOf } from './usage-csv.ts'

const bucket = (quantity: string, credits: string, group: string | null = null) => ({
  start: '2026-11-26T00:00:00.000Z',
  end: '2026-11-27T00:00:00.000Z',
  quantity,
  credits,
  group,
})

test('a line for each meter and day, with exact decimals', () => {
  const usage = [
    { meter: 'characters', buckets: [bucket('3', '0.000000003')] },
    { meter: 'portraits', buckets: [bucket('-1', '0')] },
  ]
  expect(csvOf(usage, null)).toBe(
    [
      'meter,from,to,quantity,credits',
      'characters,2026-11-26T00:00:00.000Z,2026-11-27T00:00:00.000Z,3,0.000000003',
      'portraits,2026-11-26T00:00:00.000Z,2026-11-27T00:00:00.000Z,-1,0',
      '',
    ].join('\r\n'),
  )
})

test('groups that a spreadsheet would calculate, or take apart, stay what they are', () => {
  const groups = ['=1+1', '@x', '-all', 'a,b', 'say "hi"', null, 'a;=1+1', 'a\n@x', '＝1', ' =1', 'a; b', 'a-b=c']
  const [, ...rows] = csvOf([{ meter: 'm', buckets: groups.map((group) => bucket('1', '1', group)) }], 'model').split(
    '\r\n',
  )
  const middle = rows.slice(0, -1).map((row) => row.split('Z,').at(-1)?.replace(/,1,1$/, ''))
  expect(middle).toEqual([
    `'=1+1`,
    `'@x`,
    `'-all`,
    '"a,b"',
    '"say ""hi"""',
    '',
    `"a;'=1+1"`,
    `"a\n'@x"`,
    `'＝1`,
    `' =1`,
    '"a; b"',
    'a-b=c',
  ])
})

test('sums are exact, and the dearest group comes first', () => {
  const buckets = [
    bucket('0.1', '1', 'fast'),
    bucket('0.2', '5', 'deep'),
    bucket('7', '0', null),
    bucket('1', '2', 'fast'),
  ]
  expect(sumsOf(buckets)).toEqual({ quantity: '8.3', credits: '8' })
  expect(groupsOf(buckets)).toEqual([
    { name: 'deep', quantity: '0.2', credits: '5', share: 100 },
    { name: 'fast', quantity: '1.1', credits: '3', share: 60 },
    { name: null, quantity: '7', credits: '0', share: 0 },
  ])
})
