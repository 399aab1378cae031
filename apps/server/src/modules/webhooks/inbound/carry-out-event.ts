import type { PaymentProvider } from '../../payments/provider.ts'
import { isForeign, REFERENCE } from '../../payments/provider-calls.ts'
import type { EventSubject } from '../../payments/provider-events.ts'
import { recordFraudWarning } from '../../payments/record-fraud-warning.ts'
import { settleCustomer } from '../../payments/settle-customer.ts'
import { settleMethod } from '../../payments/settle-method.ts'
import { settleReference } from '../../payments/settle-reference.ts'
import { settleReversalsAt } from '../../payments/settle-reversals.ts'
import type { InboundDeps } from './deps.ts'
import { topicOf } from './topic-of.ts'

// What an event says is never believed: it only tells which of our own things to ask the provider about. So order,
// repetition and forgery of content don't matter.

/** What was done about an event. Whatever else happens is thrown, and passes or not. */
export type Outcome = 'HANDLED' | 'IGNORED'

export interface StoredEvent {
  readonly source: string
  readonly type: string
  readonly payload: EventSubject | null
}

const OURS = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Does what an event asks for. Another app may use the same account, and so may another installation of Florin: what carries no
 * reference of ours, or somebody else's mark, is none of ours.
 */
export async function carryOutEvent(deps: InboundDeps, { source, type, payload }: StoredEvent): Promise<Outcome> {
  const provider = deps.providers.find((each) => each.source === source)
  if (!provider) throw new Error(`no provider is configured as ${source}`)
  const subject = payload ?? {}
  if (isForeign(subject.metadata, await provider.installation())) return 'IGNORED'
  switch (topicOf(type)) {
    case 'collection':
      return settle(deps, subject.metadata?.[REFERENCE] ?? null)
    case 'reversal':
      return withPayment(deps, provider, subject, (id) => settleReversalsAt(deps, id))
    case 'fraud':
      return withPayment(deps, provider, subject, (id) => recordFraudWarning(deps, id))
    case 'customer':
      return subject.id && (await settleCustomer(deps, subject.id)) ? 'HANDLED' : 'IGNORED'
    case 'method':
      return subject.id && (await settleMethod(deps, subject.id)) ? 'HANDLED' : 'IGNORED'
    default:
      return 'IGNORED'
  }
}

async function settle(deps: InboundDeps, reference: string | null): Promise<Outcome> {
  if (reference === null || !OURS.test(reference)) return 'IGNORED'
  if (await settleReference(deps, reference)) return 'HANDLED'
  throw new Error(
    `nothing here is called ${reference}: it is of another Florin that marks nothing, or of a backup that is older`,
  )
}

/** Money went back, or may. The payment itself need not be settled yet. */
async function withPayment(
  deps: InboundDeps,
  provider: PaymentProvider,
  subject: EventSubject,
  act: (providerPaymentId: string) => Promise<boolean>,
): Promise<Outcome> {
  const { payment_intent: id } = subject
  if (typeof id !== 'string') return 'IGNORED'
  if (await act(id)) return 'HANDLED'
  const metadata = await provider.metadataOf(id)
  if (isForeign(metadata, await provider.installation())) return 'IGNORED'
  if ((await settle(deps, metadata?.[REFERENCE] ?? null)) === 'IGNORED') return 'IGNORED'
  if (await act(id)) return 'HANDLED'
  throw new Error(`the payment ${id} is not settled here yet`)
}
