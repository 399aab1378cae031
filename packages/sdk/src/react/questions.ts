import { createLiveAnswer } from '../client/live/live-answer.ts'
import type { LiveBillingState } from '../client/live/live-billing-state.ts'
import { createLiveList, type ListStore, type ReadPage } from '../client/live/live-list.ts'
import { type LoadedStore, loadOnce } from '../client/live/load-once.ts'
import { oneForEach } from '../client/live/stores.ts'
import type {
  BillingDetails,
  Brand,
  Grant,
  Invoice,
  LedgerEntry,
  Payment,
  PaymentMethod,
  TaxRate,
  UsageBucket,
} from '../client/types.ts'
import type { UsageQueryVariables } from '../generated/operations.ts'
import type { BillingApi } from './api/billing-api.ts'

/** A meter's usage to look at. Instants are ISO 8601; keep them the same over renders, as other ones ask anew. */
export type AskedUsageReport = Omit<UsageQueryVariables, 'customerId'>

/** What hooks ask about a customer beside the billing state: the name, what is asked, what is answered. */
export interface Answers {
  readonly usage: { readonly asked: AskedUsageReport; readonly answer: UsageBucket[] }
  readonly paymentMethods: { readonly asked: null; readonly answer: PaymentMethod[] }
  readonly upcomingInvoice: { readonly asked: string; readonly answer: Invoice | null }
}

export interface Lists {
  readonly invoices: Invoice
  readonly grants: Grant
  readonly payments: Payment
  readonly ledger: LedgerEntry
}

export interface AskedList {
  readonly first: number
  /** Of the ledger only. */
  readonly creditType?: string | undefined
}

/** The same store for the same question. */
export interface Questions {
  answer<Name extends keyof Answers>(name: Name, asked: Answers[Name]['asked']): LoadedStore<Answers[Name]['answer']>
  readonly brand: LoadedStore<Brand>
  readonly billingDetails: LoadedStore<BillingDetails>
  /** The tax on the customer's prices; null: none. */
  readonly taxRate: LoadedStore<TaxRate | null>
  list<Name extends keyof Lists>(name: Name, asked: AskedList): ListStore<Lists[Name]>
}

/** While a balance runs, each is asked at most this often. */
const EVERY_MS = {
  usage: 2_000,
  paymentMethods: 5_000,
  upcomingInvoice: 10_000,
  invoices: 5_000,
  grants: 5_000,
  payments: 5_000,
  ledger: 2_000,
}

/** Asked when somebody looks, and again as the live state moves, each for as long as it is looked at. */
export function createQuestions(live: LiveBillingState, api: BillingApi): Questions {
  const ask: { [Name in keyof Answers]: (asked: Answers[Name]['asked']) => Promise<Answers[Name]['answer']> } = {
    usage: api.usage,
    paymentMethods: api.paymentMethods,
    upcomingInvoice: api.upcomingInvoice,
  }
  const read: { [Name in keyof Lists]: (asked: AskedList) => ReadPage<Lists[Name]> } = {
    invoices: () => api.invoices,
    grants: () => api.grants,
    payments: () => api.payments,
    ledger:
      ({ creditType }) =>
      (page) =>
        api.ledger({ ...page, creditType }),
  }
  const answers = oneForEach(
    <Name extends keyof Answers>({ name, asked }: { name: Name; asked: Answers[Name]['asked'] }) =>
      createLiveAnswer<unknown>(live, { everyMs: EVERY_MS[name], ask: () => ask[name](asked), ages: true }),
  )
  const lists = oneForEach(<Name extends keyof Lists>({ name, asked }: { name: Name; asked: AskedList }) =>
    createLiveList<unknown>(live, { everyMs: EVERY_MS[name], first: asked.first, read: read[name](asked) }),
  )
  return {
    brand: loadOnce(api.brand),
    billingDetails: loadOnce(api.billingDetails),
    taxRate: loadOnce(api.taxRate),
    answer: (name, asked) => answers({ name, asked }) as LoadedStore<never>,
    list: (name, asked) => lists({ name, asked }) as ListStore<never>,
  }
}
