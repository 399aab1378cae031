import { setTimeout as sleep } from 'node:timers/promises'
import { afterDecline } from '@florin/core'
import { nowOf, realNow } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import type { Project } from '../accounts/viewer.ts'
import { offerOf } from '../catalog/find-bundle.ts'
import { withAccount } from '../ledger/with-account.ts'
import { needsCustomer, settlePayment, UNKNOWN_AFTER_MS } from '../payments/settle-payment.ts'
import type { SubscriptionDeps } from '../subscriptions/deps.ts'
import { versionOf } from '../subscriptions/read-subscription.ts'
import { type Begun, beginTopUp } from './begin-top-up.ts'
import { announceTopUp, instant, moveTopUp, type TopUpScene } from './move-top-up.ts'
import { readAutoTopUp } from './read-auto-top-ups.ts'
import { type DueTopUp, readDueSwitches } from './read-due-top-ups.ts'

/**
 * Does all that is due of a customer's top-ups at an instant, one charge after the other, until nothing is: also follows
 * charges that others have settled. Throws PAYMENT_PROVIDER_UNAVAILABLE while a charge's outcome is unknown.
 */
export async function settleDueTopUps(
  deps: SubscriptionDeps,
  project: Project,
  customerPk: number,
  until = nowOf(project),
): Promise<void> {
  for (;;) {
    // Nothing is done as of a time that has passed: the next attempt is an hour after this one, not after its due time.
    const at = Math.max(until, nowOf(project))
    const [due] = await readDueSwitches(deps.database, customerPk, at)
    if (!due) return
    await settleTopUp(deps, project, due, at)
  }
}

async function settleTopUp(deps: SubscriptionDeps, project: Project, due: DueTopUp, at: number): Promise<void> {
  const { customerPk, creditTypePk } = due
  const {
    paymentId,
    own = false,
    version,
  } = await deps.database.transaction(async (tx) => {
    const work = await withScene(deps, tx, project, { customerPk, creditTypePk, at }, async (scene) => {
      const known = await followCharge(scene)
      if (known === 'followed') return { own: false }
      if (known) return { paymentId: known.paymentId, own: false }
      const card = await versionOf(deps.catalog, project.id, scene.topUp.cardPk)
      return { ...(await beginTopUp(scene, offerOf(card, scene.topUp.bundleCode))), own: true }
    })
    return coverTopUp(deps, tx, project, customerPk, work)
  })
  deps.pubsub.publish([{ key: customerPk, version }])
  if (paymentId) await settleCharge(deps, project, { customerPk, creditTypePk, paymentId, at, own })
}

/** What account credit pays for is carried out in the transaction that decided it. */
export async function coverTopUp<Work extends Begun>(
  deps: SubscriptionDeps,
  tx: Transaction,
  project: Project,
  customerPk: number,
  { result, version }: { result: Work | null; version: number },
): Promise<Partial<Work> & { version: number }> {
  if (!result?.covered) return { ...(result ?? ({} as Work)), version }
  const outcome = await deps.fulfil(tx, result.covered, { project, customerPk, paid: null })
  return { ...result, version: outcome.version }
}

export interface Charge {
  readonly customerPk: number
  readonly creditTypePk: number
  readonly paymentId: string
  readonly at: number
  /** Opened here and now: nobody else is at it. */
  readonly own: boolean
}

/** Makes a charge, or waits for who is making it, and writes down how it failed. Success writes itself down. */
export async function settleCharge(deps: SubscriptionDeps, project: Project, charge: Charge): Promise<void> {
  const { customerPk, paymentId } = charge
  if (!charge.own) await waitForOthers(deps, paymentId)
  const settled = await settlePayment(deps, project, paymentId)
  if (settled.kind === 'succeeded' || settled.kind === 'processing') return
  const { version } = await deps.database.transaction((tx) => withScene(deps, tx, project, charge, followCharge))
  deps.pubsub.publish([{ key: customerPk, version }])
}

const OTHERS_MS = 50

/** A payment that was opened a moment ago is settled by whoever opened it; later, by anybody who asks. */
async function waitForOthers({ database }: SubscriptionDeps, paymentId: string): Promise<void> {
  for (;;) {
    const rows = await database.query(
      `select 1 from payment where id = $1 and status = 'PENDING' and created_at > $2`,
      [paymentId, new Date(realNow() - UNKNOWN_AFTER_MS)],
    )
    if (rows.length === 0) return
    await sleep(OTHERS_MS)
  }
}

interface ChargeRow {
  id: string
  due_id: string
  payment_id: string
  quantity: number
  total_minor: number
  currency: string
  status: 'PENDING' | 'PROCESSING' | 'SUCCEEDED' | 'FAILED' | 'REFUNDING' | 'REFUNDED'
  payment_method_id: string
  failure_code: string | null
  failure_message: string | null
}

/**
 * Takes over how the charge that is on its way has ended, if it has: a decline, or a payment that went back. Answers its
 * payment while nobody knows, and null where no charge is on its way.
 */
async function followCharge(scene: TopUpScene): Promise<'followed' | { paymentId: string } | null> {
  const { tx, topUp, at } = scene
  const [charge] = await tx.query<ChargeRow>(
    `select c.id, c.due_id, c.payment_id, c.quantity, c.total_minor, c.currency, y.status::text, y.payment_method_id,
       y.failure_code, y.failure_message
     from auto_top_up_charge c join payment y on y.id = c.payment_id
     where c.customer_pk = $1 and c.credit_type_pk = $2 and c.status = 'PENDING'`,
    [topUp.customerPk, topUp.creditTypePk],
  )
  if (!charge) return null
  if (charge.status === 'PENDING' || charge.status === 'PROCESSING') return { paymentId: charge.payment_id }
  const returned = charge.status !== 'FAILED'
  tx.send(`update auto_top_up_charge set status = $2::top_up_charge_status where id = $1`, [
    charge.id,
    returned ? 'RETURNED' : 'FAILED',
  ])
  if (returned && charge.due_id !== topUp.dueId) {
    // The customer made this top-up on a page meanwhile; what is due now is decided anew.
    moveTopUp(scene, { state: 'READY' })
    return 'followed'
  }
  const asksForCustomer = needsCustomer(charge.failure_code)
  const failed = { card: charge.payment_method_id, at, needsCustomer: asksForCustomer }
  const { declines, retryAt } = afterDecline(topUp.declines, failed)
  if (!asksForCustomer) announceFailure(scene, charge, retryAt)
  if (retryAt === null)
    moveTopUp(scene, { state: 'NEEDS_CUSTOMER', declines, reason: charge.failure_code ?? 'declined' })
  else moveTopUp(scene, { state: 'BACKING_OFF', dueAt: retryAt, declines })
  return 'followed'
}

function announceFailure(scene: TopUpScene, charge: ChargeRow, retryAt: number | null): void {
  announceTopUp(scene, 'failed', {
    quantity: charge.quantity,
    code: charge.failure_code ?? 'failed',
    message: charge.failure_message ?? '',
    retryAt: scene.topUp.enabled && retryAt !== null ? instant(retryAt) : null,
  })
}

/** Work on a customer's switch behind their lock; null where they have none. */
async function withScene<Result>(
  deps: SubscriptionDeps,
  tx: Transaction,
  project: Project,
  { customerPk, creditTypePk, at }: Pick<Charge, 'customerPk' | 'creditTypePk' | 'at'>,
  work: (scene: TopUpScene) => Promise<Result>,
) {
  return withAccount(tx, customerPk, at, async (session) => {
    const topUp = await readAutoTopUp(tx, customerPk, creditTypePk)
    if (!topUp) return null
    const catalog = await deps.catalog.read(project.id)
    const creditType = catalog.creditTypesByPk.get(creditTypePk)?.code ?? ''
    return work({ tx, session, project, publicUrl: deps.publicUrl, at, topUp, creditType })
  })
}
