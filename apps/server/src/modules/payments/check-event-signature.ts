import { createHmac, timingSafeEqual } from 'node:crypto'
import { Fault } from '../../platform/errors.ts'

/** How far the time of signing may be from ours, both ways. */
const TOLERANCE_S = 300

/**
 * Lets an event pass whose bytes were signed by one of our secrets, a short while ago. The SDK's own check takes text, which
 * is no longer what was signed, and any time in the future. Only the scheme `v1` counts.
 *
 * @param header `t=<unix seconds>,v1=<hex>`, with a `v1` for each secret while the provider changes them.
 * @throws Fault UNAUTHENTICATED. It tells nothing of a secret or a signature.
 */
export function checkEventSignature(body: Uint8Array, header: string, secrets: readonly string[], nowMs: number): void {
  const { times, signatures } = readHeader(header)
  const [time] = times
  if (time === undefined || times.length > 1 || signatures.length === 0) {
    throw refused('has no stripe-signature header of the form t=…,v1=…')
  }
  if (!secrets.some((secret) => isSignedBy(secret, time, body, signatures))) {
    throw refused('is not signed with a secret of STRIPE_WEBHOOK_SECRET, or its body was changed on the way')
  }
  const age = Math.floor(nowMs / 1000) - Number(time)
  if (age > TOLERANCE_S) throw refused(`was signed more than ${TOLERANCE_S} s ago: is this machine's clock right?`)
  if (age < -TOLERANCE_S) throw refused(`was signed in the future: is this machine's clock right?`)
}

function readHeader(header: string): { times: string[]; signatures: Buffer[] } {
  const valuesOf = (name: string, form: RegExp) =>
    header
      .split(',')
      .flatMap((part) => (part.startsWith(`${name}=`) ? [part.slice(name.length + 1)] : []))
      .filter((value) => form.test(value))
  return {
    times: valuesOf('t', /^\d{1,12}$/),
    signatures: valuesOf('v1', /^[0-9a-f]{64}$/).map((hex) => Buffer.from(hex, 'hex')),
  }
}

function isSignedBy(secret: string, time: string, body: Uint8Array, signatures: readonly Buffer[]): boolean {
  if (secret === '') return false
  const expected = createHmac('sha256', secret).update(`${time}.`).update(body).digest()
  return signatures.some((signature) => timingSafeEqual(signature, expected))
}

function refused(why: string): Fault {
  return new Fault('UNAUTHENTICATED', `the webhook ${why}`)
}
