import {
  amountOf,
  type Bundle,
  type Credits,
  fixedTotal,
  formatAmount,
  formatMoney,
  type Money,
  type PlanLine,
  periodAt,
  planRateDifference,
  planStart,
  type RateCard,
  scaled,
} from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import type { Project } from '../accounts/viewer.ts'
import type { CatalogReader } from '../catalog/read-catalog.ts'
import { type InvoiceLineView, type InvoiceView, readInvoice } from '../invoices/read-invoices.ts'
import { type CheckoutSession, type CheckoutStatus, isOver } from '../payments/checkout-session.ts'
import { type PaymentMethod, readPaymentProfiles } from '../payments/read-payment-profile.ts'
import { versionOf } from '../subscriptions/read-subscription.ts'
import { readLiveSubscriptions, type Subscription } from '../subscriptions/read-subscriptions.ts'

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
  readonly testMode: boolean
  readonly rateCard: RateCard | null
  readonly bundle: Bundle | null
  readonly quantity: number
  readonly lines: readonly InvoiceLineView[]
  readonly dueNow: Money
  readonly nextRenewal: Money | null
  readonly nextRenewalAt: number | null
  readonly creditsAfter: readonly CheckoutCredits[]
  readonly paymentMethod: PaymentMethod | null
  readonly expiresAt: number
  readonly successUrl: string
  readonly cancelUrl: string
  readonly invoice: InvoiceView | null
  readonly failure: { readonly code: string; readonly message: string } | null
}

interface PageDeps {
  readonly database: Database
  readonly catalog: CatalogReader
}

interface Bought {
  readonly title: string
  readonly quantity: number
  readonly lines: readonly PlanLine[]
  readonly gains: ReadonlyMap<string, Credits>
  readonly nextRenewalAt: number | null
  readonly bundle: Bundle | null
}

export async function readCheckoutPage(
  deps: PageDeps,
  project: Project,
  session: CheckoutSession,
): Promise<CheckoutPage> {
  const { purpose, customerPk } = session
  const { card } = await versionOf(deps.catalog, project.id, purpose.cardPk)
  const live = (await deps.database.snapshot((tx) => readLiveSubscriptions(tx, [customerPk]))).get(customerPk) ?? []
  const bought = await boughtBy(deps, project, session, card, live)
  const profile = (await readPaymentProfiles(deps.database, [customerPk])).get(customerPk)
  const isCard = purpose.kind !== 'bundle'
  return {
    status: isOver(session) ? 'EXPIRED' : session.status,
    title: bought.title,
    description: isCard ? card.description : null,
    merchant: project.name,
    testMode: project.mode === 'SANDBOX',
    rateCard: isCard ? card : null,
    bundle: bought.bundle,
    quantity: bought.quantity,
    lines: bought.lines.map(toLine),
    dueNow: session.amount,
    nextRenewal: 'quantities' in purpose ? fixedTotal(card, purpose.quantities) : null,
    nextRenewalAt: bought.nextRenewalAt,
    creditsAfter: await creditsAfter(deps, project, session, bought.gains),
    paymentMethod: profile?.method ?? null,
    expiresAt: session.expiresAt,
    successUrl: session.successUrl,
    cancelUrl: session.cancelUrl,
    invoice: session.outcome?.invoiceId ? await readInvoice(deps.database.prisma, session.outcome.invoiceId) : null,
    failure: session.status === 'REFUNDED' ? await readFailure(deps.database, session.id) : null,
  }
}

async function readFailure(database: Database, sessionId: string): Promise<CheckoutPage['failure']> {
  const [row] = await database.query<{ message: string | null }>(
    `select failure_message as message from payment where checkout_session_id = $1 order by id desc limit 1`,
    [sessionId],
  )
  return { code: 'superseded', message: row?.message ?? 'it could no longer be carried out' }
}

async function boughtBy(
  deps: PageDeps,
  project: Project,
  { purpose, amount, description }: CheckoutSession,
  card: RateCard,
  live: readonly Subscription[],
): Promise<Bought> {
  if (purpose.kind === 'bundle') {
    const bundle = card.bundles.find(({ code }) => code === purpose.code) ?? null
    const title = bundle?.name ?? purpose.code
    const quantity = scaled<'quantity'>(BigInt(purpose.quantity))
    const line: PlanLine = { description: title, rateCode: purpose.code, quantity, amount, proration: false }
    const gains = new Map(bundle ? [[bundle.creditType, (bundle.credits * BigInt(purpose.quantity)) as Credits]] : [])
    return { title, quantity: purpose.quantity, lines: [line], gains, nextRenewalAt: null, bundle }
  }
  if (purpose.kind === 'renewal') {
    const line: PlanLine = { description, rateCode: null, quantity: scaled(1n), amount, proration: false }
    return { title: description, quantity: 1, lines: [line], gains: new Map(), nextRenewalAt: null, bundle: null }
  }
  const common = { title: card.name, quantity: 1, bundle: null }
  if (purpose.kind === 'subscribe') {
    const plan = planStart(card, purpose.quantities)
    const { end } = periodAt(nowOf(project), card.interval, 'UTC', 0)
    return { ...common, lines: plan.lines, gains: plan.allowances, nextRenewalAt: end }
  }
  const subscription = live.find(({ id }) => id === purpose.subscriptionId)
  const from = await versionOf(deps.catalog, project.id, purpose.fromCardPk)
  const before = { card: from.card, quantities: subscription?.quantities ?? {} }
  const plan = planRateDifference(before, { card, quantities: purpose.quantities })
  return { ...common, lines: plan.lines, gains: plan.allowances, nextRenewalAt: subscription?.currentPeriodEnd ?? null }
}

/** Credits before and after: as they would be while it is open, as they are once it is paid. */
async function creditsAfter(
  { database, catalog }: PageDeps,
  project: Project,
  session: CheckoutSession,
  gains: ReadonlyMap<string, Credits>,
): Promise<CheckoutCredits[]> {
  const rows = await database.query<{ credit_type_pk: number; available: string }>(
    `select credit_type_pk, sum(remaining)::text as available from "grant"
     where customer_pk = $1 and closed_at is null and effective_at <= $2 and (expires_at is null or expires_at > $2)
     group by credit_type_pk`,
    [session.customerPk, new Date(nowOf(project))],
  )
  const { creditTypes } = await catalog.read(project.id)
  const done = session.status === 'COMPLETED'
  return [...gains].flatMap(([code, gain]) => {
    const creditType = creditTypes.get(code)
    if (!creditType) return []
    const row = rows.find(({ credit_type_pk }) => credit_type_pk === creditType.pk)
    const available = row ? amountOf<'credits'>(row.available) : 0n
    const before = formatAmount(done ? available - gain : available)
    return [
      { creditType: code, name: creditType.name, before, after: formatAmount(done ? available : available + gain) },
    ]
  })
}

function toLine(line: PlanLine): InvoiceLineView {
  return {
    description: line.description,
    rateCode: line.rateCode,
    quantity: formatAmount(line.quantity),
    amount: formatMoney(line.amount),
    periodStart: null,
    periodEnd: null,
    proration: line.proration,
  }
}
