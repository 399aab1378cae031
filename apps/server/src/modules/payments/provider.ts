import Stripe from 'stripe'
import { reached } from './provider-calls.ts'
import {
  type CheckoutOrder,
  type CheckoutSubject,
  openCheckout,
  type ProviderCheckout,
  readCheckout,
} from './provider-checkouts.ts'
import {
  type CustomerDetails,
  createCustomer,
  detachMethod,
  hasCustomer,
  readMethod,
  updateCustomer,
} from './provider-customers.ts'
import { connectEvents, type EventOptions, type ProviderEvents } from './provider-events.ts'
import {
  type ChargeOrder,
  type ChargeResult,
  cancelPayment,
  charge,
  findPayment,
  readPayment,
} from './provider-payments.ts'
import {
  askRefund,
  type ProviderReversals,
  type RefundOrder,
  type ReversalSubject,
  readReversals,
  returnWhole,
} from './provider-reversals.ts'

/** The one adapter to Stripe. In a sandbox it points at the local payment sandbox; there is no second code path. */
export interface PaymentProvider extends ProviderEvents {
  /** Whether its card page may stand inside another page's frame. */
  readonly frameable: boolean
  /** The account that is paid, with its mode, as in "acct_1 test"; null while that can't be told. */
  account(): Promise<string | null>
  createCustomer(details: CustomerDetails): Promise<string>
  /** Passes a name and an address on. Answers whether the provider still has the customer. */
  updateCustomer(id: string, details: CustomerDetails): Promise<boolean>
  hasCustomer(id: string): Promise<boolean>
  /** A method as it is saved by now, and for whom; null: the provider does not know it. */
  readMethod(id: string): ReturnType<typeof readMethod>
  detachMethod(id: string): Promise<void>
  /** Charges a method without its customer. Asked again with the same reference, it answers the same. */
  charge(order: ChargeOrder): Promise<ChargeResult>
  readPayment(id: string, order: ChargeOrder): Promise<ChargeResult>
  /** What was asked for since an instant; null: it was never heard of. */
  findPayment(order: ChargeOrder, since: number): Promise<ChargeResult | null>
  /** Ends a payment that nobody may pay any more. Answers how it stands then. */
  cancelPayment(id: string, order: ChargeOrder): Promise<ChargeResult>
  /** Null: the provider has no such customer any more. */
  openCheckout(order: CheckoutOrder): Promise<ProviderCheckout | null>
  readCheckout(id: string, subject: CheckoutSubject): Promise<ProviderCheckout>
  /** Ends an open card page, so that it can't be paid any more. Answers how it stands then. */
  closeCheckout(id: string, subject: CheckoutSubject): Promise<ProviderCheckout>
  /** Gives a whole payment back that could not be carried out. */
  returnPayment(providerPaymentId: string, key: string): Promise<void>
  /** Asks for a refund. Answers why it is refused; null if it is being done. */
  refund(order: RefundOrder): Promise<string | null>
  /** The refunds and disputes of a payment, whoever began them. */
  readReversals(subject: ReversalSubject): Promise<ProviderReversals>
}

export interface ProviderOptions extends EventOptions {
  readonly secretKey: string
  /** The local payment sandbox; null: Stripe itself. */
  readonly sandboxUrl: string | null
}

const TIMEOUT_MS = 20_000

export function createPaymentProvider(options: ProviderOptions): PaymentProvider {
  const stripe = connect(options)
  const events = connectEvents(stripe, options)
  const marked = async <Order>(order: Order) => ({ ...order, installation: await options.installation() })
  return {
    frameable: options.sandboxUrl !== null,
    account: () => accountOf(events, options),
    createCustomer: (details) => reached(async () => createCustomer(stripe, await marked(details))),
    updateCustomer: (id, details) => reached(() => updateCustomer(stripe, id, details)),
    hasCustomer: (id) => reached(() => hasCustomer(stripe, id)),
    readMethod: (id) => reached(() => readMethod(stripe, id)),
    detachMethod: (id) => reached(() => detachMethod(stripe, id)),
    charge: async (order) => charge(stripe, await marked(order)),
    readPayment: (id, order) => readPayment(stripe, id, order),
    findPayment: (order, since) => findPayment(stripe, order, since),
    cancelPayment: (id, order) => cancelPayment(stripe, id, order),
    openCheckout: (order) => reached(async () => openCheckout(stripe, await marked(order))),
    readCheckout: (id, subject) => reached(() => readCheckout(stripe, id, subject)),
    closeCheckout: (id, subject) =>
      reached(async () => {
        const current = await readCheckout(stripe, id, subject)
        if (current.status !== 'open') return current
        // Somebody else may have closed or paid it since it was read: what it is now says so.
        await stripe.checkout.sessions.expire(id).catch((error: unknown) => {
          if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error
        })
        return readCheckout(stripe, id, subject)
      }),
    returnPayment: (providerPaymentId, key) => reached(() => returnWhole(stripe, providerPaymentId, key)),
    refund: async (order) => askRefund(stripe, await marked(order)),
    readReversals: (subject) => readReversals(stripe, subject),
    ...events,
  }
}

function connect({ secretKey, sandboxUrl }: ProviderOptions): Stripe {
  const common = { maxNetworkRetries: 2, timeout: TIMEOUT_MS, telemetry: false }
  if (!sandboxUrl) return new Stripe(secretKey, common)
  const { hostname, port, protocol } = new URL(sandboxUrl)
  const local = protocol === 'https:' ? 'https' : 'http'
  return new Stripe(secretKey, {
    ...common,
    host: hostname,
    port: Number(port) || (local === 'https' ? 443 : 80),
    protocol: local,
  })
}

/** The local payment sandbox is an account of its own. */
async function accountOf(
  { readAccount }: ProviderEvents,
  { sandboxUrl, secretKey }: ProviderOptions,
): Promise<string | null> {
  if (sandboxUrl) return 'sandbox test'
  const id = await readAccount()
  return id && `${id} ${/^.k_live_/.test(secretKey) ? 'live' : 'test'}`
}
