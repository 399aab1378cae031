import { realNow } from '../../platform/clock.ts'
import { Fault } from '../../platform/errors.ts'
import type { PaymentDeps } from '../payments/deps.ts'
import { settleCheckout } from '../payments/settle-checkout.ts'
import { settlePayment } from '../payments/settle-payment.ts'
import { findCheckout, type OpenedCheckout } from './find-checkout.ts'

/** Anybody with the link may ask, as often as they like: the provider is asked once in this time, by all processes together. */
const ASK_AGAIN_AFTER_MS = 2_000

/**
 * Asks the provider how it went, and settles. Safe to call any number of times: whoever asks again too soon is answered what is
 * known. Throws NOT_FOUND.
 */
export async function confirmCheckout(deps: PaymentDeps, token: string): Promise<OpenedCheckout> {
  return lookUpCheckout(deps, await findCheckout(deps, token))
}

/** The session as the provider has it, or as it was a moment ago. */
export async function lookUpCheckout(deps: PaymentDeps, found: OpenedCheckout): Promise<OpenedCheckout> {
  const { session, project } = found
  const charge = await unknownCharge(deps, session.id)
  if (!charge && !session.providerSessionId && session.status !== 'PENDING') return found
  if (!(await takeTurn(deps, session.id))) return found
  // The card on file was charged, and the answer was lost: the same attempt is asked for again under its own key.
  if (charge) {
    await settlePayment(deps, project, charge).catch((error: unknown) => {
      if (!(error instanceof Fault) || error.code !== 'PAYMENT_PROVIDER_UNAVAILABLE') throw error
    })
  }
  return { session: await settleCheckout(deps, project, session.id), project }
}

async function unknownCharge({ database }: PaymentDeps, sessionId: string): Promise<string | null> {
  const [payment] = await database.query<{ id: string }>(
    `select id from payment where checkout_session_id = $1 and status = 'PENDING' and payment_method_id is not null`,
    [sessionId],
  )
  return payment?.id ?? null
}

/** Takes the turn to ask, in the row: whoever comes soon after, to whichever process, finds it taken. */
async function takeTurn({ database }: PaymentDeps, sessionId: string): Promise<boolean> {
  const now = realNow()
  const taken = await database.query(
    `update checkout_session set confirmed_at = $2 where id = $1 and (confirmed_at is null or confirmed_at <= $3) returning 1`,
    [sessionId, new Date(now), new Date(now - ASK_AGAIN_AFTER_MS)],
  )
  return taken.length > 0
}
