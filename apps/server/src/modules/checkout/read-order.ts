import { amountOf, type Credits, type Money, type TaxMode } from '@florin/core'
import type { Database, Transaction } from '../../platform/database.ts'
import { Fault } from '../../platform/errors.ts'
import type { Project } from '../accounts/viewer.ts'
import type { CatalogReader } from '../catalog/read-catalog.ts'
import { type InvoiceLineView, readInvoice } from '../invoices/read-invoices.ts'
import { type CheckoutSession, hourIsOver, isOver, soldIn } from '../payments/checkout-session.ts'
import { type Fulfil, type Outcome, purposeHashOf } from '../payments/purpose.ts'
import { readNextRenewal } from '../subscriptions/read-next-renewal.ts'

/** What an order does once it is paid: its invoice, the subscription after it, and what it adds to the balance. */
export interface ReadOrder {
  readonly lines: readonly InvoiceLineView[]
  readonly tax: OrderTax | null
  /** The end of the trial that it begins, or goes on with. */
  readonly trialEndsAt: number | null
  readonly nextRenewal: Money | null
  readonly nextRenewalAt: number | null
  readonly gains: ReadonlyMap<number, Credits>
}

/** The tax among the lines; `included`: the prices have it in them. */
export interface OrderTax {
  readonly amount: Money
  readonly included: boolean
}

interface OrderDeps {
  readonly database: Database
  readonly catalog: CatalogReader
  readonly fulfil: Fulfil
}

const NOTHING: ReadOrder = {
  lines: [],
  tax: null,
  trialEndsAt: null,
  nextRenewal: null,
  nextRenewalAt: null,
  gains: new Map(),
}

/**
 * Reads what a checkout has done, or would do: an open one is carried out and taken back again, so that its page shows the
 * very invoice that follows. Once its hour is over the link tells what was bought, and nothing of how the customer stands since;
 * what was not bought is not tried out any more.
 */
export async function readOrder(deps: OrderDeps, project: Project, session: CheckoutSession): Promise<ReadOrder> {
  if (session.purpose.kind === 'setup') return NOTHING
  if (session.outcome) {
    const order = await orderOf(deps, deps.database, project, session.outcome)
    return hourIsOver(session) ? { ...NOTHING, lines: order.lines, tax: order.tax } : order
  }
  if (hasEnded(session)) return NOTHING
  const { id, amount, purpose } = session
  const name = `${id} ${amount.minor} ${purposeHashOf(purpose)}`
  const reading = running.get(name) ?? tryOut(deps, project, session).finally(() => running.delete(name))
  running.set(name, reading)
  return reading
}

function hasEnded(session: CheckoutSession): boolean {
  const { status } = session
  return (
    status === 'EXPIRED' || status === 'REFUNDED' || isOver(session) || (status === 'PENDING' && hourIsOver(session))
  )
}

/** By session and order: whoever asks for a page many times at once, which takes no more than its link, has it read once. */
const running = new Map<string, Promise<ReadOrder>>()

async function tryOut(deps: OrderDeps, project: Project, session: CheckoutSession): Promise<ReadOrder> {
  try {
    return await deps.database.dryRun(async (tx) => {
      const { customerPk, amount, id } = session
      const paid = amount.minor === 0n ? null : { paymentId: id, amount }
      return orderOf(deps, tx, project, await deps.fulfil(tx, soldIn(session), { project, customerPk, paid }))
    })
  } catch (error) {
    // What can no longer be carried out is still shown by its name and its price; paying it says why not.
    if (error instanceof Fault && error.code === 'CONFLICT') return NOTHING
    throw error
  }
}

async function orderOf(
  deps: OrderDeps,
  tx: Pick<Transaction, 'query'>,
  project: Project,
  { invoiceId, subscriptionId, gains = [] }: Outcome,
): Promise<ReadOrder> {
  return {
    lines: invoiceId ? await readLines(tx, invoiceId) : [],
    tax: invoiceId ? await readTax(tx, invoiceId) : null,
    trialEndsAt: subscriptionId ? await readTrialEnd(tx, subscriptionId) : null,
    ...(await renewalOf(deps, tx, project, subscriptionId)),
    gains: new Map(gains.map(([type, credits]) => [type, amountOf<'credits'>(credits)])),
  }
}

/** The invoice's lines, and what account credit and credit notes pay of them. */
async function readLines(tx: Pick<Transaction, 'query'>, invoiceId: string): Promise<readonly InvoiceLineView[]> {
  const invoice = await readInvoice(tx, invoiceId)
  if (!invoice) throw new Error(`invoice ${invoiceId} is missing`)
  const none = { rateCode: null, quantity: '1', periodStart: null, periodEnd: null, proration: false }
  const settled = [
    { ...none, description: 'Account credit', amount: `-${invoice.creditUsed}` },
    { ...none, description: 'Credit notes', amount: `-${invoice.credited}` },
  ]
  return [...invoice.lines, ...settled.filter(({ amount }) => /[1-9]/.test(amount))]
}

async function readTax(tx: Pick<Transaction, 'query'>, invoiceId: string): Promise<OrderTax | null> {
  const [row] = await tx.query<{ minor: number; currency: string; mode: TaxMode | null }>(
    `select tax_minor as minor, currency, tax->>'mode' as mode from invoice where id = $1`,
    [invoiceId],
  )
  if (!row?.minor) return null
  return { amount: { minor: BigInt(row.minor), currency: row.currency }, included: row.mode === 'INCLUSIVE' }
}

async function readTrialEnd(tx: Pick<Transaction, 'query'>, subscriptionId: string): Promise<number | null> {
  const [row] = await tx.query<{ at: number | null }>(
    `select trial_ends_at as at from subscription where id = $1 and status = 'TRIALING'`,
    [subscriptionId],
  )
  return row?.at ?? null
}

async function renewalOf(
  { catalog }: OrderDeps,
  tx: Pick<Transaction, 'query'>,
  project: Project,
  subscriptionId: string | undefined,
): Promise<Pick<ReadOrder, 'nextRenewal' | 'nextRenewalAt'>> {
  const next = subscriptionId ? await readNextRenewal(tx, await catalog.read(project.id), subscriptionId) : null
  return { nextRenewal: next?.amount ?? null, nextRenewalAt: next?.at ?? null }
}
