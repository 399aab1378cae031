import type { Money } from '@florin/core'
import { storedId } from '../../platform/ids.ts'
import { type Brand, readBrand } from '../accounts/read-brand.ts'
import { invoiceToken, linkInvoice } from '../invoices/link-invoice.ts'
import { readInvoicePage } from '../invoices/read-invoice-page.ts'
import { readInvoice } from '../invoices/read-invoices.ts'
import { readStoredInvoice } from '../invoices/read-stored-invoice.ts'
import { linkPaymentMethod } from '../payments/link-payment-method.ts'
import { chargeable, readPaymentProfiles } from '../payments/read-payment-profile.ts'
import type { ClaimedEmail } from './claim-email.ts'
import type { EmailDeps } from './deps.ts'
import { describeFailure, describeTopUp } from './describe-failure.ts'
import { describeLowBalance } from './describe-low-balance.ts'
import { describeReceipt } from './describe-receipt.ts'
import { describeTrialEnd } from './describe-trial-end.ts'
import type { MailContent } from './mail-content.ts'
import { type RenderedEmail, renderEmail } from './render-email.ts'

type ComposeDeps = Pick<EmailDeps, 'database' | 'publicUrl' | 'catalog'>

/** Writes a mail from what happened, in the seller's brand and the customer's days. */
export async function composeEmail(deps: ComposeDeps, email: ClaimedEmail): Promise<RenderedEmail> {
  const { project, customer } = email
  const brand = await readBrand(deps.database, project)
  const content = await describe(deps, email, brand)
  const testMode = project.mode === 'SANDBOX'
  return renderEmail(content, { brand, publicUrl: deps.publicUrl, testMode, customerName: customer.name })
}

async function describe(deps: ComposeDeps, email: ClaimedEmail, { name: seller }: Brand): Promise<MailContent> {
  switch (email.type) {
    case 'payment.succeeded':
      return receipt(deps, email, seller)
    case 'invoice.payment_failed':
      return failure(deps, email, seller)
    case 'auto_top_up.needs_customer':
      return topUp(deps, email, seller)
    case 'balance.threshold_crossed':
      return lowBalance(deps, email, seller)
    case 'subscription.trial_ending':
      return trialEnd(deps, email, seller)
    default:
      throw new Error(`no mail tells of ${email.type}`)
  }
}

/** A field of an event: what announced it is in this repository, so that a field that is missing is a bug. */
function field(data: ClaimedEmail['data'], name: string): string {
  const value = data[name]
  if (typeof value === 'string') return value
  throw new Error(`the event has no ${name}`)
}

function idIn(data: ClaimedEmail['data'], name: string, prefix: 'pay' | 'inv' | 'sub'): string {
  const id = storedId(prefix, field(data, name))
  if (id) return id
  throw new Error(`${name} is no id`)
}

/** The invoice that a payment paid; null: none. */
export async function readPaidInvoice(
  { database }: Pick<EmailDeps, 'database'>,
  data: ClaimedEmail['data'],
): Promise<{ readonly invoiceId: string; readonly amount: Money } | null> {
  const [row] = await database.query<{ invoiceId: string | null; minor: number; currency: string }>(
    `select outcome->>'invoiceId' as "invoiceId", amount_minor as minor, currency from payment where id = $1`,
    [idIn(data, 'paymentId', 'pay')],
  )
  return row?.invoiceId
    ? { invoiceId: row.invoiceId, amount: { minor: BigInt(row.minor), currency: row.currency } }
    : null
}

async function receipt(deps: ComposeDeps, email: ClaimedEmail, seller: string): Promise<MailContent> {
  const paid = await readPaidInvoice(deps, email.data)
  if (!paid) throw new Error('a payment without an invoice has no receipt')
  const stored = await readStoredInvoice(deps.database, paid.invoiceId)
  return describeReceipt({
    seller,
    timezone: email.customer.timezone,
    amount: paid.amount,
    paidAt: email.occurredAt,
    page: await readInvoicePage(deps.database, email.project, stored),
    pageUrl: linkInvoice(deps.publicUrl, invoiceToken(email.project, stored.id)).pageUrl,
  })
}

async function failure(
  deps: ComposeDeps,
  { data, project, customer }: ClaimedEmail,
  seller: string,
): Promise<MailContent> {
  const invoiceId = idIn(data, 'invoiceId', 'inv')
  const invoice = await readInvoice(deps.database, invoiceId)
  const next = data.nextAttemptAt
  return describeFailure({
    seller,
    timezone: customer.timezone,
    amount: field(data, 'amountDue'),
    currency: field(data, 'currency'),
    number: invoice?.number ?? '',
    plan: data.subscriptionId ? await planOf(deps, project.id, idIn(data, 'subscriptionId', 'sub')) : null,
    code: field(data, 'code'),
    nextAttemptAt: typeof next === 'string' ? Date.parse(next) : null,
    pageUrl: linkInvoice(deps.publicUrl, invoiceToken(project, invoiceId)).pageUrl,
  })
}

async function planOf({ database, catalog }: ComposeDeps, projectId: string, subscriptionId: string): Promise<string> {
  const [row] = await database.query<{ pk: number }>(
    `select rate_card_version_pk as pk from subscription where id = $1`,
    [subscriptionId],
  )
  const { versionsByPk } = await catalog.read(projectId)
  return (row && versionsByPk.get(row.pk)?.card.name) ?? 'your plan'
}

async function topUp(deps: ComposeDeps, email: ClaimedEmail, seller: string): Promise<MailContent> {
  const { data } = email
  return describeTopUp({
    seller,
    bundle: await bundleName(deps, email),
    reason: field(data, 'reason'),
    actionUrl: field(data, 'actionUrl'),
  })
}

/** As the version of the card calls it that the customer agreed to; once they have agreed to another one, as any card does. */
async function bundleName(
  { database, catalog }: ComposeDeps,
  { data, project, customerPk }: ClaimedEmail,
): Promise<string> {
  const code = field(data, 'bundle')
  const [agreed] = await database.query<{ pk: number }>(
    `select t.rate_card_version_pk as pk from auto_top_up t join credit_type c on c.pk = t.credit_type_pk
     where t.customer_pk = $1 and c.code = $2 and t.bundle_code = $3`,
    [customerPk, field(data, 'creditType'), code],
  )
  const { versionsByPk } = await catalog.read(project.id)
  const all = [...versionsByPk.values()].flatMap(({ card }) => card.bundles)
  const own = agreed ? versionsByPk.get(agreed.pk)?.card.bundles.find((bundle) => bundle.code === code) : undefined
  return (own ?? all.findLast((bundle) => bundle.code === code))?.name ?? code
}

async function lowBalance(
  { catalog }: ComposeDeps,
  { data, project }: ClaimedEmail,
  seller: string,
): Promise<MailContent> {
  const code = field(data, 'creditType')
  const { creditTypesByPk } = await catalog.read(project.id)
  const creditType = [...creditTypesByPk.values()].find((type) => type.code === code)?.name ?? code
  return describeLowBalance({ seller, creditType, available: field(data, 'available') })
}

async function trialEnd(deps: ComposeDeps, email: ClaimedEmail, seller: string): Promise<MailContent> {
  const { data, customerPk, customer } = email
  const { versionsByPk } = await deps.catalog.read(email.project.id)
  const [code, version] = [field(data, 'rateCard'), data.rateCardVersion]
  const card = [...versionsByPk.values()].find(({ card }) => card.code === code && card.version === version)?.card
  if (!card) throw new Error(`the catalogue lacks version ${version} of ${code}`)
  const profile = (await readPaymentProfiles(deps.database, [customerPk])).get(customerPk)
  const currency = field(data, 'currency')
  return describeTrialEnd({
    seller,
    timezone: customer.timezone,
    plan: card.name,
    interval: card.interval,
    amount: field(data, 'amount'),
    currency,
    endsAt: Date.parse(field(data, 'trialEndsAt')),
    method: chargeable(profile, currency),
    methodUrl: linkPaymentMethod(deps.publicUrl, email.project, idIn(data, 'subscriptionId', 'sub')),
  })
}
