import { expect, test } from 'vitest'
import { shareStructure } from './share-structure.ts'

test('what is equal keeps its identity, down to the part that changed', () => {
  const previous = { balances: [{ available: '5' }, { available: '7' }], features: [{ value: { seats: 3 } }] }
  const next = { balances: [{ available: '5' }, { available: '6' }], features: [{ value: { seats: 3 } }] }

  const shared = shareStructure(previous, next)

  expect(shared).toEqual(next)
  expect(shared).not.toBe(previous)
  expect(shared.features).toBe(previous.features)
  expect(shared.balances[0]).toBe(previous.balances[0])
  expect(shared.balances[1]).toEqual({ available: '6' })
})

test('an equal whole is the same whole', () => {
  const previous = { list: [1, { deep: null }] }
  expect(shareStructure(previous, { list: [1, { deep: null }] })).toBe(previous)
})

test.each([
  [{ a: 1, b: 2 }, { a: 1 }],
  [{ a: undefined }, { b: undefined }],
  [[1, 2], [1]],
  [[1], { 0: 1 }],
  [null, { a: 1 }],
  [{ a: 1 }, null],
])('%j is not taken for %j', (previous, next) => {
  expect(shareStructure<unknown>(previous, next)).toEqual(next)
  expect(shareStructure<unknown>(previous, next)).not.toBe(previous)
})
