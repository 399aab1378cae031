import { amountOf, type Bundle, type Credits, formatAmount, type Money, type RateCard } from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import type { TaxRate } from '../accounts/check-tax-rate.ts'
import { type Brand, readBrand } from '../accounts/read-brand.ts'
import { readTaxRate } from '../accounts/read-tax-rate.ts'
import type { Project } from '../accounts/viewer.ts'
import type { CatalogReader } from '../catalog/read-catalog.ts'
import { type InvoiceLineView, type InvoiceView, readInvoice } from '../invoices/read-invoices.ts'
import { type CheckoutSession, type CheckoutStatus, hourIsOver, isOver } from '../payments/checkout-session.ts'
import { type Fulfil, offersToSave } from '../payments/purpose.ts'
import { type PaymentMethod, readPaymentProfiles } from '../payments/read-payment-profile.ts'
import { versionOf } from '../subscriptions/read-subscription.ts'
import { type OrderTax, readOrder } from './read-order.ts'
import { type CheckoutQuantity, readQuantities } from './read-quantities.ts'

export interface CheckoutCredits {
  readonly creditType: string
  readonly name: string
  readonly before: string
  readonly after: string
}

/** All that a hosted checkout page shows. */
export interface CheckoutPage {
  readonly status: CheckoutStatus
  readonly title: string
  readonly description: string | null
  readonly merchant: string
  readonly brand: Brand
  /** It saves a payment method and charges nothing. */
  readonly setup: boolean
  readonly testMode: boolean
  readonly rateCard: RateCard | null
  readonly bundle: Bundle | null
  readonly quantity: number
  readonly quantities: readonly CheckoutQuantity[]
  readonly lines: readonly InvoiceLineView[]
  readonly tax: OrderTax | null
  /** On what is sold; null: none. */
  readonly taxRate: TaxRate | null
  readonly dueNow: Money
  readonly trialEndsAt: number | null
  readonly nextRenewal: Money | null
  readonly nextRenewalAt: number | null
  readonly creditsAfter: readonly CheckoutCredits[]
  readonly paymentMethod: PaymentMethod | null
  /** Null: it is no choice. */
  readonly saveMethod: boolean | null
  readonly expiresAt: number
  readonly successUrl: string
  readonly cancelUrl: string
  readonly invoice: InvoiceView | null
  readonly failure: { readonly code: string; readonly message: string } | null
}

interface PageDeps {
  readonly database: Database
  readonly catalog: CatalogReader
  readonly fulfil: Fulfil
}

export async function readCheckoutPage(
  deps: PageDeps,
  project: Project,
  session: CheckoutSession,
): Promise<CheckoutPage> {
  const { purpose, customerPk } = session
  const setup = purpose.kind === 'setup'
  const card =
    setup || purpose.kind === 'invoice' ? null : (await versionOf(deps.catalog, project.id, purpose.cardPk)).card
  const order = await readOrder(deps, project, session)
  const profile = (await readPaymentProfiles(deps.database, [customerPk])).get(customerPk)
  const bundle = purpose.kind === 'bundle' ? (card?.bundles.find(({ code }) => code === purpose.code) ?? null) : null
  const brand = await readBrand(deps.database, project)
  // The card that is bought: an invoice, or a bundle, is bought under another one.
  const bought = purpose.kind === 'subscribe' || purpose.kind === 'change' ? card : null
  const attempt = await readLastAttempt(deps.database, session.id)
  const status = statusOf(session, attempt)
  // A link outlives its order. It goes on to tell what was bought, but not who the buyer is: an invoice's own link tells that.
  const told = isPayable(status) || !hourIsOver(session)
  const invoiceId = told ? session.outcome?.invoiceId : null
  return {
    status,
    title: bundle?.name ?? bought?.name ?? session.description,
    description: bought?.description ?? null,
    merchant: brand.name,
    brand,
    setup,
    testMode: project.mode === 'SANDBOX',
    rateCard: bought,
    bundle,
    quantity: purpose.kind === 'bundle' ? purpose.quantity : 1,
    quantities: isPayable(status) ? readQuantities(session, bought, bundle) : [],
    lines: order.lines,
    tax: order.tax,
    taxRate: setup || !told ? null : await readTaxRate(deps.database, customerPk),
    dueNow: session.amount,
    trialEndsAt: bought ? order.trialEndsAt : null,
    nextRenewal: bought ? order.nextRenewal : null,
    nextRenewalAt: bought ? order.nextRenewalAt : null,
    creditsAfter: await creditsAfter(deps, project, session, order.gains),
    paymentMethod: isPayable(status) && !setup && !session.byLink ? (profile?.method ?? null) : null,
    saveMethod: offersToSave(purpose) ? session.saveMethod : null,
    expiresAt: session.expiresAt,
    successUrl: session.successUrl,
    cancelUrl: session.cancelUrl,
    invoice: invoiceId ? await readInvoice(deps.database, invoiceId) : null,
    failure: failureOf(status, attempt),
  }
}

const isPayable = (status: CheckoutStatus) => status === 'OPEN' || status === 'PROCESSING'

interface Attempt {
  readonly status: string
  readonly code: string | null
  readonly message: string | null
}

/** The newest payment of a session: the card on file that was charged, or what came from the card page. */
async function readLastAttempt(database: Database, sessionId: string): Promise<Attempt | null> {
  const [row] = await database.query<Attempt>(
    `select status::text, failure_code as code, failure_message as message from payment
     where checkout_session_id = $1 order by id desc limit 1`,
    [sessionId],
  )
  return row ?? null
}

/** A charge of the card on file whose outcome nobody knows yet is a payment under way. */
function statusOf(session: CheckoutSession, attempt: Attempt | null): CheckoutStatus {
  if (session.status === 'OPEN' && attempt?.status === 'PENDING') return 'PROCESSING'
  return isOver(session) ? 'EXPIRED' : session.status
}

function failureOf(status: CheckoutStatus, attempt: Attempt | null): CheckoutPage['failure'] {
  if (status === 'REFUNDED') {
    return { code: 'superseded', message: attempt?.message ?? 'it could no longer be carried out' }
  }
  if ((!isPayable(status) && status !== 'EXPIRED') || attempt?.status !== 'FAILED') return null
  return { code: attempt.code ?? 'card_declined', message: attempt.message ?? 'the card was declined' }
}

/**
 * Credits before and after: as they would be while it is open, as they are once it is paid. A link outlives its session, and
 * that of an invoice is passed on: the balance is then the customer's business alone.
 */
async function creditsAfter(
  { database, catalog }: PageDeps,
  project: Project,
  session: CheckoutSession,
  gains: ReadonlyMap<number, Credits>,
): Promise<CheckoutCredits[]> {
  if (session.byLink || hourIsOver(session)) return []
  const rows = await database.query<{ credit_type_pk: number; available: string }>(
    `select credit_type_pk, sum(remaining)::text as available from "grant"
     where customer_pk = $1 and closed_at is null and effective_at <= $2 and (expires_at is null or expires_at > $2)
     group by credit_type_pk`,
    [session.customerPk, new Date(nowOf(project))],
  )
  const { creditTypesByPk } = await catalog.read(project.id)
  const done = session.status === 'COMPLETED'
  return [...gains].flatMap(([pk, gain]) => {
    const creditType = creditTypesByPk.get(pk)
    if (!creditType) return []
    const row = rows.find(({ credit_type_pk }) => credit_type_pk === creditType.pk)
    const available = row ? amountOf<'credits'>(row.available) : 0n
    const before = formatAmount(done ? available - gain : available)
    return [
      {
        creditType: creditType.code,
        name: creditType.name,
        before,
        after: formatAmount(done ? available : available + gain),
      },
    ]
  })
}
