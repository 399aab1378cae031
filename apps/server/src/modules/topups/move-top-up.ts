import type { Declines, TopUpState } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import { newId } from '../../platform/ids.ts'
import type { Project } from '../accounts/viewer.ts'
import { announceEvent } from '../events/announce-event.ts'
import type { AccountSession } from '../ledger/with-account.ts'
import { linkTopUp } from './link-top-up.ts'
import type { AutoTopUp } from './read-auto-top-ups.ts'

/** Where a top-up goes on a customer's behalf, and what the project's endpoints are told of it. */
export interface TopUpScene {
  readonly tx: Transaction
  readonly session: AccountSession
  readonly project: Project
  readonly publicUrl: string
  /** In the project's time. */
  readonly at: number
  readonly topUp: AutoTopUp
  /** The code of the credit type, as events name it. */
  readonly creditType: string
}

export interface Move {
  readonly state: TopUpState
  readonly dueAt?: number | null
  /** Left out: as they are. */
  readonly declines?: Declines | null
  /** Why the customer is needed, as the bank or Florin calls it. */
  readonly reason?: string
}

/** Writes a switch's next state, if it is another one, and announces those that somebody has to know of. */
export function moveTopUp(scene: TopUpScene, { dueAt = null, reason, ...move }: Move): void {
  const { tx, session, topUp } = scene
  const state = topUp.enabled ? move.state : 'OFF'
  const declines = move.declines === undefined ? topUp.declines : move.declines
  const stays = state === topUp.state && dueAt === topUp.dueAt
  if (stays && declines === topUp.declines) return
  tx.send(
    `update auto_top_up set state = $3::auto_top_up_state, due_at = $4, declines = $5
     where customer_pk = $1 and credit_type_pk = $2`,
    [
      topUp.customerPk,
      topUp.creditTypePk,
      state,
      state === 'OFF' || dueAt === null ? null : new Date(dueAt),
      declines && JSON.stringify(declines),
    ],
  )
  session.touch()
  if (stays) return
  if (state === 'LIMIT_REACHED') announceTopUp(scene, 'limit_reached', { until: instant(dueAt as number) })
  if (state === 'NEEDS_CUSTOMER' && topUp.state !== 'NEEDS_CUSTOMER') {
    const actionUrl = linkTopUp(scene.publicUrl, scene.project, topUp.dueId)
    announceTopUp(scene, 'needs_customer', { reason: reason ?? 'declined', actionUrl })
  }
}

type Outcome = 'succeeded' | 'failed' | 'needs_customer' | 'limit_reached' | 'runaway'

export function announceTopUp(
  { tx, topUp, creditType, at }: Pick<TopUpScene, 'tx' | 'topUp' | 'creditType' | 'at'>,
  outcome: Outcome,
  data: Readonly<Record<string, unknown>>,
): void {
  const { customerPk, bundleCode } = topUp
  announceEvent(tx, {
    customerPk,
    type: `auto_top_up.${outcome}`,
    data: { creditType, bundle: bundleCode, ...data },
    occurredAt: at,
  })
}

/** This top-up is made: the next one has another name, and a page that is open for this one sells nothing any more. */
export function renameTopUp(tx: Transaction, { customerPk, creditTypePk, dueId }: AutoTopUp): void {
  tx.send(`update auto_top_up set due_id = $3 where customer_pk = $1 and credit_type_pk = $2`, [
    customerPk,
    creditTypePk,
    newId(),
  ])
  // A page that is being paid right now is passed over: the payment finds the top-up made, and goes back.
  tx.send(
    `update checkout_session set status = 'EXPIRED' where id in (
       select id from checkout_session where customer_pk = $1 and status = 'OPEN' and purpose->'topUp'->>'due' = $2
       for update skip locked)`,
    [customerPk, dueId],
  )
}

export function instant(epochMs: number): string {
  return new Date(epochMs).toISOString()
}
