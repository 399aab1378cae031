import Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { Fault } from '../../platform/errors.ts'
import { checkEventSignature } from './check-event-signature.ts'

const [OLD, NEW, OTHER] = ['whsec_old', 'whsec_new', 'whsec_other']
const NOW = 1_790_000_000
const BODY = '{ "id": "evt_1", "name": "Zoë" }'

/** The header as the official SDK makes it. */
function signed(secret: string, { age = 0, payload = BODY }: { age?: number; payload?: string } = {}): string {
  return Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: NOW - age })
}

const v1 = (header: string) => header.split(',')[1] as string

function isTaken(header: string, body: string | Uint8Array = BODY, secrets = [NEW, OLD]): boolean {
  try {
    checkEventSignature(typeof body === 'string' ? Buffer.from(body) : body, header, secrets, NOW * 1000 + 999)
    return true
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'UNAUTHENTICATED') throw error
    expect(error.message).not.toMatch(/whsec|[0-9a-f]{16}/)
    return false
  }
}

describe('P30 a webhook is taken only with a signature of its own bytes, by one of our secrets, of about now', () => {
  it.each([
    ['of this second', signed(NEW)],
    ['299 s old', signed(NEW, { age: 299 })],
    ['300 s old', signed(NEW, { age: 300 })],
    ['299 s ahead', signed(NEW, { age: -299 })],
    ['300 s ahead', signed(NEW, { age: -300 })],
    ['by the second secret', signed(OLD)],
    ['by both, as during a rotation', `${signed(OLD)},${v1(signed(NEW))}`],
    ['by ours and by one that we no longer have', `${signed(OTHER)},${v1(signed(NEW))}`],
    ['with a v0 beside it', `${signed(NEW)},v0=${'0'.repeat(64)}`],
  ])('taken: %s', (_, header) => expect(isTaken(header)).toBe(true))

  it.each([
    ['301 s old', signed(NEW, { age: 301 })],
    ['301 s ahead', signed(NEW, { age: -301 })],
    ['years ahead', signed(NEW, { age: -1e9 })],
    ['by another secret', signed(OTHER)],
    ['by no secret', signed('')],
    ['of another body', signed(NEW, { payload: BODY.replace('1', '2') })],
    ['of the same, written anew', signed(NEW, { payload: JSON.stringify(JSON.parse(BODY)) })],
    ['of another time than it says', signed(NEW).replace(`t=${NOW}`, `t=${NOW - 1}`)],
    ['with two times', `t=${NOW - 400},${signed(NEW)}`],
    ['v0 only', signed(NEW).replace('v1=', 'v0=')],
    ['no time', v1(signed(NEW))],
    ['a time that is no number', signed(NEW).replace(`t=${NOW}`, 't=now')],
    ['a part of the signature', signed(NEW).slice(0, -1)],
    ['a signature in capitals', signed(NEW).replace(/v1=.*/, (part) => `v1=${part.slice(3).toUpperCase()}`)],
    ['no signature', `t=${NOW}`],
    ['something else', 'Bearer whsec_new'],
    ['nothing', ''],
  ])('refused: %s', (_, header) => expect(isTaken(header)).toBe(false))

  it('goes by bytes: what reads the same is not the same', () => {
    const bytes = Buffer.from([0x7b, 0xff, 0x7d])
    const asText = bytes.toString()
    expect(isTaken(signed(NEW, { payload: asText }), bytes)).toBe(false)
    expect(isTaken(signed(NEW, { payload: asText }), asText)).toBe(true)
    expect(isTaken(signed(NEW), `\ufeff${BODY}`)).toBe(false)
  })

  it('P31 takes nothing where no secret is configured, not even what is signed with an empty one', () => {
    expect(isTaken(signed(''), BODY, [])).toBe(false)
    expect(isTaken(signed(''), BODY, [''])).toBe(false)
  })
})
