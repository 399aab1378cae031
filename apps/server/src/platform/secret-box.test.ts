import { expect, it } from 'vitest'
import { createMissingSecretBox, createSecretBox } from './secret-box.ts'

const KEY = Buffer.alloc(32, 7).toString('base64')
const OTHER = Buffer.alloc(32, 8).toString('hex')

it('opens what it has sealed, and seals the same secret differently each time', () => {
  const box = createSecretBox(KEY)
  const sealed = box.seal('whsec_ümlaut', 'endpoint 1')
  expect(createSecretBox(Buffer.alloc(32, 7).toString('hex')).open(sealed, 'endpoint 1')).toBe('whsec_ümlaut')
  expect(box.seal('whsec_ümlaut', 'endpoint 1')).not.toBe(sealed)
  expect(sealed).not.toContain('whsec')
})

it('names the remedy when the key was lost', () => {
  const sealed = createSecretBox(KEY).seal('secret', 'endpoint 1')
  const lost =
    /encrypted with another key \(\w{8}, not \w{8}\): start Florin with the FLORIN_ENCRYPTION_KEY.*rotateWebhookSecret/
  expect(() => createSecretBox(OTHER).open(sealed, 'endpoint 1')).toThrow(lost)
  expect(() => createMissingSecretBox().open(sealed, 'endpoint 1')).toThrow(/FLORIN_ENCRYPTION_KEY is missing: set it/)
})

it('opens nothing that was moved, changed or cut', () => {
  const box = createSecretBox(KEY)
  const sealed = box.seal('secret', 'endpoint 1')
  const parts = sealed.split('.')
  const shortTag = [...parts.slice(0, 3), parts[3]?.slice(0, 6), parts[4]].join('.')
  expect(() => box.open(sealed, 'endpoint 2')).toThrow(/changed or moved/)
  expect(() => box.open(`${sealed.slice(0, -2)}AA`, 'endpoint 1')).toThrow(/changed or moved/)
  expect(() => box.open(shortTag, 'endpoint 1')).toThrow(/changed or moved/)
  expect(() => box.open('secret', 'endpoint 1')).toThrow(/damaged/)
})

it.each(['', 'short', `${KEY} `, `${KEY}${KEY}`, 'ä'.repeat(43)])('refuses the key "%s"', (key) => {
  expect(() => createSecretBox(key)).toThrow(/FLORIN_ENCRYPTION_KEY must be 32 bytes/)
})
