import { type Credits, formatAmount, formatMoney, parseMoney, topUpValue } from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import { Fault, invalidInput } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { findCustomer } from '../accounts/read-customer.ts'
import type { Project, Viewer } from '../accounts/viewer.ts'
import { checkDecimal } from '../catalog/check-rate-card.ts'
import { findBundle, type Offer, offerOf } from '../catalog/find-bundle.ts'
import type { CatalogCreditType } from '../catalog/read-catalog.ts'
import { findCreditType } from '../ledger/create-wallet.ts'
import { type AccountSession, withAccount } from '../ledger/with-account.ts'
import type { SubscriptionDeps } from '../subscriptions/deps.ts'
import { versionOf } from '../subscriptions/read-subscription.ts'
import { readLiveSubscriptions } from '../subscriptions/read-subscriptions.ts'
import { beginTopUp } from './begin-top-up.ts'
import { type AutoTopUp, readAutoTopUp } from './read-auto-top-ups.ts'
import { type Charge, coverTopUp, settleCharge, settleDueTopUps } from './settle-due-top-ups.ts'

export interface AutoTopUpInput {
  customerId: string
  creditType: string
  enabled: boolean
  threshold: unknown
  bundle: string
  maxPerMonth?: number | null | undefined
  maxSpendPerMonth?: unknown
}

/** What was asked for, checked against the bundle that it names. */
interface Wanted {
  readonly enabled: boolean
  readonly threshold: Credits
  readonly maxPerMonth: number | null
  readonly maxSpendMinor: bigint | null
}

/**
 * Switches a customer's automatic top-up on, off, or to other terms. On with a balance at the threshold or below, it tops up
 * at once; off, a charge that is on its way is still finished. Without a card on file the customer is needed from the start.
 * Throws NOT_FOUND, INVALID_INPUT.
 */
export async function setAutoTopUp(deps: SubscriptionDeps, viewer: Viewer, input: AutoTopUpInput): Promise<AutoTopUp> {
  const threshold = checkDecimal<'credits'>(input.threshold, 'threshold', 'positive')
  const maxPerMonth = checkCount(input.maxPerMonth)
  const { project } = viewer
  const { pk: customerPk } = await findCustomer(deps.database, project, input.customerId)
  const creditType = await findCreditType(deps.catalog, project, input.creditType)
  const at = nowOf(project)
  const owner = { customerPk, creditTypePk: creditType.pk }
  const begun = await deps.database.transaction(async (tx) => {
    const work = await withAccount(tx, customerPk, at, async (session) => {
      const known = await readAutoTopUp(tx, customerPk, creditType.pk)
      const offer = await findOffer(deps, tx, viewer, customerPk, known, input)
      checkThreshold(threshold, offer, creditType)
      const maxSpendMinor = checkSpend(input.maxSpendPerMonth, offer)
      const wanted = { enabled: input.enabled, threshold, maxPerMonth, maxSpendMinor }
      const charging = await isCharging(tx, owner)
      const topUp = writeSwitch(tx, session, at, owner, { known, offer, wanted, charging })
      if (charging) return null
      const { publicUrl } = deps
      return beginTopUp({ tx, session, project, publicUrl, at, topUp, creditType: creditType.code }, offer)
    })
    return coverTopUp(deps, tx, project, customerPk, work)
  })
  deps.pubsub.publish([{ key: customerPk, version: begun.version }])
  const { paymentId } = begun
  if (paymentId) await unlessUnknown(() => chargeNow(deps, project, { ...owner, paymentId, at, own: true }))
  return (await readAutoTopUp(deps.database, customerPk, creditType.pk)) as AutoTopUp
}

/** What is switched off keeps the offer it has: one that nobody makes any more must not keep it on. */
async function findOffer(
  deps: SubscriptionDeps,
  tx: Transaction,
  viewer: Viewer,
  customerPk: number,
  known: AutoTopUp | null,
  { bundle, enabled }: AutoTopUpInput,
): Promise<Offer> {
  if (!enabled && known?.bundleCode === bundle)
    return offerOf(await versionOf(deps.catalog, viewer.project.id, known.cardPk), bundle)
  const subscriptions = (await readLiveSubscriptions(tx, [customerPk])).get(customerPk) ?? []
  return findBundle(await deps.catalog.fresh(viewer.project.id), subscriptions, viewer, bundle)
}

async function isCharging(tx: Transaction, owner: Owner): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from auto_top_up_charge where customer_pk = $1 and credit_type_pk = $2 and status = 'PENDING'`,
    [owner.customerPk, owner.creditTypePk],
  )
  return rows.length > 0
}

interface Owner {
  readonly customerPk: number
  readonly creditTypePk: number
}

/** Writes the switch and the watch on its balance; what it comes to is decided next. */
function writeSwitch(
  tx: Transaction,
  session: AccountSession,
  at: number,
  { customerPk, creditTypePk }: Owner,
  next: { known: AutoTopUp | null; offer: Offer; wanted: Wanted; charging: boolean },
): AutoTopUp {
  const { known, offer, wanted, charging } = next
  const { enabled, threshold, maxPerMonth, maxSpendMinor } = wanted
  const topUp: AutoTopUp = {
    dueId: newId(),
    declines: null,
    runawayUntil: null,
    state: 'READY',
    dueAt: null,
    ...known,
    ...wanted,
    customerPk,
    creditTypePk,
    cardPk: offer.card.pk,
    bundleCode: offer.bundle.code,
  }
  // One that was on already stays in its state until it is decided anew: a customer who is needed is not told again.
  const stays = enabled && !charging && known?.enabled
  const state = stays ? topUp.state : !enabled ? 'OFF' : charging ? 'CHARGING' : 'READY'
  const dueAt = stays ? topUp.dueAt : null
  tx.send(
    `insert into auto_top_up (customer_pk, credit_type_pk, enabled, threshold, rate_card_version_pk, bundle_code,
       max_per_month, max_spend_minor, state, due_id, due_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9::auto_top_up_state, $10, $11)
     on conflict (customer_pk, credit_type_pk) do update set enabled = $3, threshold = $4, rate_card_version_pk = $5,
       bundle_code = $6, max_per_month = $7, max_spend_minor = $8, state = $9::auto_top_up_state, due_at = $11`,
    [
      customerPk,
      creditTypePk,
      enabled,
      formatAmount(threshold),
      offer.card.pk,
      offer.bundle.code,
      maxPerMonth,
      maxSpendMinor,
      state,
      topUp.dueId,
      dueAt === null ? null : new Date(dueAt),
    ],
  )
  writeWatch(tx, { customerPk, creditTypePk }, wanted, topUpValue(session.account, creditTypePk) > threshold, at)
  session.touch()
  return { ...topUp, state, dueAt }
}

function writeWatch(
  tx: Transaction,
  { customerPk, creditTypePk }: Owner,
  { enabled, threshold }: Wanted,
  above: boolean,
  at: number,
): void {
  tx.send(`delete from balance_watch where customer_pk = $1 and credit_type_pk = $2 and kind = 'TOP_UP'`, [
    customerPk,
    creditTypePk,
  ])
  if (!enabled) return
  tx.send(
    `insert into balance_watch (id, customer_pk, credit_type_pk, kind, amount, armed, crossed_at)
     values ($1, $2, $3, 'TOP_UP', $4, $5, $6)`,
    [newId(), customerPk, creditTypePk, formatAmount(threshold), above, above ? null : new Date(at)],
  )
}

function checkCount(maxPerMonth: number | null | undefined): number | null {
  if (maxPerMonth == null) return null
  if (maxPerMonth < 1) throw invalidInput('maxPerMonth', 'maxPerMonth must be at least 1: leave it out for no limit')
  return maxPerMonth
}

function checkThreshold(threshold: Credits, { bundle }: Offer, { code }: CatalogCreditType): void {
  if (bundle.creditType !== code) {
    throw invalidInput('bundle', `the bundle "${bundle.code}" brings ${bundle.creditType}, not ${code}`)
  }
  if (threshold > bundle.credits) {
    const size = formatAmount(bundle.credits)
    throw invalidInput('threshold', `threshold must be at most what the bundle brings, which is ${size}`)
  }
}

function checkSpend(maxSpendPerMonth: unknown, { bundle }: Offer): bigint | null {
  if (maxSpendPerMonth == null) return null
  const { currency } = bundle.price
  const money = parseMoney(maxSpendPerMonth, currency)
  if (money && money.minor > 0n && money.minor < 10n ** 18n) return money.minor
  const example = formatMoney({ minor: 5_000n, currency })
  throw invalidInput(
    'maxSpendPerMonth',
    `maxSpendPerMonth is an amount of ${currency} above 0, such as "${example}": leave it out for no limit`,
  )
}

/** What is still missing after a charge, because a limit left room for a part only, is decided too. */
async function chargeNow(deps: SubscriptionDeps, project: Project, charge: Charge): Promise<void> {
  await settleCharge(deps, project, charge)
  await settleDueTopUps(deps, project, charge.customerPk)
}

/** A charge whose outcome nobody knows is looked up by workers; the switch says CHARGING until then. */
async function unlessUnknown(charge: () => Promise<void>): Promise<void> {
  try {
    await charge()
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'PAYMENT_PROVIDER_UNAVAILABLE') throw error
  }
}
