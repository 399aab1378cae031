import { planRunaway, runawaySince, topUpValue } from '@florin/core'
import { Fault } from '../../platform/errors.ts'
import { publicId } from '../../platform/ids.ts'
import type { Paid, TopUpMark } from '../payments/purpose.ts'
import { announceTopUp, renameTopUp, type TopUpScene } from './move-top-up.ts'
import { readAutoTopUp } from './read-auto-top-ups.ts'

/** A purchase of bundles that has just been granted. */
export interface Purchase {
  /** The top-up that it is; null: the customer's own purchase. */
  readonly mark: TopUpMark | null
  readonly paid: Paid | null
  readonly quantity: number
  /** What was granted, as text. */
  readonly credits: string
  readonly grantId: string
  readonly invoiceId: string
}

/**
 * What a purchase means for the customer's switch, in the purchase's own transaction: a top-up is made, or the customer has
 * helped themselves, and the card works again. Throws CONFLICT for a top-up that was made already: the money then goes back.
 */
export async function concludeTopUp(where: Omit<Scene, 'topUp'> & Owner, purchase: Purchase): Promise<void> {
  const topUp = await readAutoTopUp(where.tx, where.customerPk, where.creditTypePk)
  const { mark } = purchase
  if (mark && topUp?.dueId !== mark.due) throw new Fault('CONFLICT', 'this top-up was made already')
  if (!topUp) return
  const scene = { ...where, topUp }
  if (mark) await concludeOwn(scene, purchase, mark)
  else if (isHelped(scene, purchase.paid)) settleSwitch(scene, topUp.runawayUntil)
}

type Scene = Omit<TopUpScene, 'publicUrl'>

interface Owner {
  readonly customerPk: number
  readonly creditTypePk: number
}

/** The switch waits for what the customer has just done. */
function isHelped({ topUp, session }: Scene, paid: Paid | null): boolean {
  const lifted = topUpValue(session.account, topUp.creditTypePk) > topUp.threshold
  if (topUp.state === 'LIMIT_REACHED') return lifted
  if (topUp.state === 'BACKING_OFF' || topUp.state === 'NEEDS_CUSTOMER') return lifted || paid !== null
  return false
}

async function concludeOwn(scene: Scene, purchase: Purchase, mark: TopUpMark): Promise<void> {
  const { tx, topUp } = scene
  const { customerPk, creditTypePk } = topUp
  const paymentId = purchase.paid?.paymentId ?? null
  const pending = await tx.query<{ id: string; own: boolean }>(
    `select id, payment_id is not distinct from $3 as own from auto_top_up_charge
     where customer_pk = $1 and credit_type_pk = $2 and status = 'PENDING'`,
    [customerPk, creditTypePk, paymentId],
  )
  const charge = mark.at === undefined ? undefined : pending.find(({ own }) => own)
  if (charge) tx.send(`update auto_top_up_charge set status = 'SUCCEEDED' where id = $1`, [charge.id])
  const onItsWay = pending.some(({ id }) => id !== charge?.id)
  announceTopUp(scene, 'succeeded', {
    automatic: charge !== undefined,
    quantity: purchase.quantity,
    credits: purchase.credits,
    grantId: publicId('gr', purchase.grantId),
    invoiceId: publicId('inv', purchase.invoiceId),
  })
  const until = charge ? await tellRunaway(scene) : topUp.runawayUntil
  settleSwitch(scene, until, onItsWay)
}

/** Good standing: whatever went wrong before is over. A charge that is still on its way finds that and goes back. */
function settleSwitch({ tx, topUp }: Scene, runawayUntil: number | null, onItsWay = false): void {
  const state = onItsWay ? 'CHARGING' : 'READY'
  tx.send(
    `update auto_top_up set state = $3::auto_top_up_state, due_at = null, declines = null, runaway_until = $4
     where customer_pk = $1 and credit_type_pk = $2`,
    [
      topUp.customerPk,
      topUp.creditTypePk,
      topUp.enabled ? state : 'OFF',
      runawayUntil === null ? null : new Date(runawayUntil),
    ],
  )
  renameTopUp(tx, topUp)
}

/** Several top-ups within minutes are told once for each burst. */
async function tellRunaway(scene: Scene): Promise<number | null> {
  const { tx, topUp, at } = scene
  const [made] = await tx.query<{ recent: number }>(
    `select count(*) as recent from auto_top_up_charge
     where customer_pk = $1 and credit_type_pk = $2 and status = 'SUCCEEDED' and started_at > $3`,
    [topUp.customerPk, topUp.creditTypePk, new Date(runawaySince(at))],
  )
  const recent = made?.recent ?? 0
  const { tell, until } = planRunaway(recent, topUp.runawayUntil, at)
  if (tell) announceTopUp(scene, 'runaway', { topUps: recent, since: new Date(runawaySince(at)).toISOString() })
  return until
}
