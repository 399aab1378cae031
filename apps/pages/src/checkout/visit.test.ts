import { expect, test } from 'vitest'
import { readVisit, trustedOrigin } from './visit.ts'

const urls = { successUrl: 'https://app.example/thanks?x=1', cancelUrl: 'https://www.app.example/pricing' }

test.each([
  ['the origin of the success URL', 'https://app.example', 'https://app.example'],
  ['the origin of the cancel URL', 'https://www.app.example', 'https://www.app.example'],
  ['another origin', 'https://evil.example', null],
  ['the same host over another scheme', 'http://app.example', null],
  ['a prefix that only looks alike', 'https://app.example.evil.example', null],
  ['a wildcard', '*', null],
  ['the opaque origin', 'null', null],
  ['none', null, null],
])('an overlay that claims %s', (_what, claimed, trusted) => {
  expect(trustedOrigin(claimed, urls)).toBe(trusted)
})

test('a URL without an origin of its own makes nobody trusted', () => {
  expect(trustedOrigin('null', { successUrl: 'about:blank', cancelUrl: 'not a url' })).toBeNull()
})

test('an overlay is remembered for the way back, per token', () => {
  const storage = memoryStorage()
  const overlay = new URLSearchParams({ embed: '1', origin: 'https://app.example' })
  readVisit('tok_1', overlay, true, () => storage)
  const back = new URLSearchParams({ returned: '1' })
  expect(readVisit('tok_1', back, true, () => storage)).toMatchObject({
    returned: 'paid',
    embed: true,
    claimedOrigin: 'https://app.example',
  })
  expect(readVisit('tok_2', back, true, () => storage)).toMatchObject({ embed: false, claimedOrigin: null })
})

test.each([
  ['returned=1', 'paid'],
  ['canceled=1', 'canceled'],
  ['', null],
])('an address with "%s" is a customer who comes back: %s', (query, returned) => {
  expect(readVisit('tok_1', new URLSearchParams(query), false, memoryStorage)).toMatchObject({ returned })
})

test('opening the same order later on its own is no overlay', () => {
  const storage = memoryStorage()
  readVisit('tok_1', new URLSearchParams({ embed: '1', origin: 'https://app.example' }), true, () => storage)
  expect(readVisit('tok_1', new URLSearchParams(), false, () => storage)).toMatchObject({ embed: false })
})

test('a browser that forbids storage to frames loses nothing', () => {
  const forbidden = () => {
    throw new DOMException('denied', 'SecurityError')
  }
  const query = new URLSearchParams({ embed: '1', origin: 'https://app.example', returned: '1' })
  expect(readVisit('tok_1', query, true, forbidden)).toMatchObject({
    embed: true,
    claimedOrigin: 'https://app.example',
  })
})

function memoryStorage(): Storage {
  const items = new Map<string, string>()
  return {
    length: 0,
    clear: () => items.clear(),
    key: () => null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  }
}
