import { expect, test } from 'vitest'
import { isStorable } from './storable.ts'

const nested = (depth: number): unknown => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`)

test.each([
  [{ model: 'large', tags: ['a', 1, null, true], inner: { deep: '👋 \n' } }, true],
  ['', true],
  [null, true],
  [nested(100), true],
  [nested(101), false],
  [nested(100_000), false],
  ['a\u0000', false],
  ['\ud800', false],
  ['\udc00\ud800', false],
  [{ inner: [{ text: 'a\u0000' }] }, false],
  [{ 'a\u0000': 1 }, false],
])('case %#: PostgreSQL can keep it or not', (value, kept) => expect(isStorable(value)).toBe(kept))
