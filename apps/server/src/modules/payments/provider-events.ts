import Stripe from 'stripe'
import { Fault, invalidInput } from '../../platform/errors.ts'
import { isStorable } from '../../platform/storable.ts'
import { checkEventSignature } from './check-event-signature.ts'
import { expectObject, reached } from './provider-calls.ts'

/** The version whose objects the adapter reads. */
export const PINNED_VERSION: string = Stripe.API_VERSION

/** What an event is about, as it was then. Believed in nothing but which of our own things to ask about. */
export interface EventSubject {
  readonly id?: string
  readonly metadata?: Readonly<Record<string, string>> | null
  readonly payment_intent?: string | null
}

/** News of the provider's, whether it was delivered or listed. */
export interface ProviderEvent {
  readonly id: string
  readonly type: string
  /** By the provider's clock, epoch milliseconds. */
  readonly createdAt: number
  /** Of the endpoint that it was delivered to: it need not be the pinned one. */
  readonly apiVersion: string | null
  readonly subject: EventSubject
}

export interface EventPage {
  /** Newest first. */
  readonly events: readonly ProviderEvent[]
  /** Where the next, older page begins; null: this is the last one. */
  readonly next: string | null
}

/** The part of the adapter that hears of events. */
export interface ProviderEvents {
  /** Which provider this is, as stored with its events. */
  readonly source: string
  /** @throws Fault UNAUTHENTICATED, or INVALID_INPUT for what is signed and no event of ours. */
  readEvent(body: Uint8Array, signature: string, nowMs: number): Promise<ProviderEvent>
  /** Events of these types from an instant on. At most twenty types. Throws PAYMENT_PROVIDER_UNAVAILABLE. */
  listEvents(asked: { types: readonly string[]; since: number; after: string | null }): Promise<EventPage>
  /** The account that the key belongs to; null: the key may not read it. Throws PAYMENT_PROVIDER_UNAVAILABLE. */
  readAccount(): Promise<string | null>
  /** What the provider's payment carries; null: there is none. Throws PAYMENT_PROVIDER_UNAVAILABLE. */
  metadataOf(providerPaymentId: string): Promise<Readonly<Record<string, string>> | null>
  /** What our own things are marked with. */
  installation(): Promise<string>
}

export interface EventOptions {
  readonly secretKey: string
  readonly sandboxUrl: string | null
  /** Any of them may have signed; none: no event is taken. */
  readonly webhookSecrets: readonly string[]
  /** Which Florin this is, among those that use the same account. */
  installation(): Promise<string>
}

const PAGE = 100

export function connectEvents(stripe: Stripe, options: EventOptions): ProviderEvents {
  const { secretKey, sandboxUrl, webhookSecrets, installation } = options
  const livemode = /^.k_live_/.test(secretKey)
  let account: Promise<string | null> | undefined
  const readAccount = () => {
    account ??= askAccount(stripe)
    account.catch(() => {
      account = undefined
    })
    return account
  }
  return {
    source: sandboxUrl === null ? `stripe_${livemode ? 'live' : 'test'}` : 'sandbox',
    readAccount,
    readEvent: async (body, signature, nowMs) => {
      checkEventSignature(body, signature, webhookSecrets, nowMs)
      return checkEvent(parse(body), livemode, readAccount)
    },
    listEvents: ({ types, since, after }) =>
      reached(async () => {
        const params = { types: [...types], created: { gte: Math.floor(since / 1000) }, limit: PAGE }
        const page = expectObject(
          await stripe.events.list(after === null ? params : { ...params, starting_after: after }),
          'list',
        )
        const events: ProviderEvent[] = []
        for (const event of page.data) {
          const checked = await checkEvent(event, livemode, readAccount).catch((error: unknown) => {
            if (isRefusal(error)) return null
            throw error
          })
          if (checked) events.push(checked)
        }
        return { events, next: page.has_more ? (page.data.at(-1)?.id ?? null) : null }
      }),
    metadataOf: (providerPaymentId) => askMetadata(stripe, providerPaymentId),
    installation,
  }
}

function askAccount(stripe: Stripe): Promise<string | null> {
  return reached(async () => {
    try {
      return expectObject(await stripe.accounts.retrieveCurrent(), 'account').id
    } catch (error) {
      if (error instanceof Stripe.errors.StripePermissionError) return null
      throw error
    }
  })
}

function askMetadata(stripe: Stripe, providerPaymentId: string): Promise<Readonly<Record<string, string>> | null> {
  return reached(async () => {
    try {
      const intent = expectObject(await stripe.paymentIntents.retrieve(providerPaymentId), 'payment_intent')
      return intent.metadata
    } catch (error) {
      if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing') return null
      throw error
    }
  })
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(UTF8.decode(body))
  } catch {
    throw invalidInput('body', 'the webhook is signed, and its body is no JSON')
  }
}

interface Claimed {
  readonly id?: unknown
  readonly object?: unknown
  readonly type?: unknown
  readonly created?: unknown
  readonly livemode?: unknown
  readonly account?: unknown
  readonly context?: unknown
  readonly api_version?: unknown
  readonly data?: { readonly object?: unknown } | null
}

/** What the signature says nothing about: that it is an event, whole, and one of this key's. Throws INVALID_INPUT. */
async function checkEvent(
  body: unknown,
  livemode: boolean,
  readAccount: () => Promise<string | null>,
): Promise<ProviderEvent> {
  const event: Claimed = body !== null && typeof body === 'object' ? body : {}
  if (event.object === 'v2.core.event') {
    throw invalidInput('object', 'this is a thin event: let the event destination send snapshot events')
  }
  if (event.object !== 'event') throw invalidInput('object', 'the webhook is signed, and its body is no event')
  const { id, type, created, api_version } = event
  const subject = event.data?.object
  if (typeof id !== 'string' || !/^evt_\w{1,250}$/.test(id)) throw invalidInput('id', 'the id of an event is evt_…')
  if (typeof type !== 'string' || !/^[a-z0-9_.]{1,100}$/.test(type)) throw invalidInput('type', `${id} has no type`)
  if (typeof created !== 'number') throw invalidInput('created', `${id} does not say when it happened`)
  if (subject === null || typeof subject !== 'object') throw invalidInput('data', `${id} is about nothing`)
  if (!isStorable(subject)) throw invalidInput('data', `${id} has text that can't be stored`)
  if (event.livemode !== livemode) {
    throw invalidInput('livemode', `${id} is of ${livemode ? 'test' : 'live'} mode, and STRIPE_SECRET_KEY is not`)
  }
  await checkAccount(id, event, readAccount)
  return {
    id,
    type,
    createdAt: created * 1000,
    apiVersion: typeof api_version === 'string' ? api_version : null,
    subject,
  }
}

/** Of a platform's connected accounts an endpoint may hear as well: their payments are none of ours. */
async function checkAccount(
  id: string,
  { account, context }: Claimed,
  readAccount: () => Promise<string | null>,
): Promise<void> {
  const named = [account, context].filter((name) => name !== undefined && name !== null)
  if (named.length === 0) return
  const own = await readAccount()
  if (named.every((name) => own !== null && name === own)) return
  throw invalidInput('account', `${id} is of another account than STRIPE_SECRET_KEY`)
}

function isRefusal(error: unknown): error is Fault {
  return error instanceof Fault && error.code === 'INVALID_INPUT'
}
