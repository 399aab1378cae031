import { formatAmount, isReached, type Threshold } from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import { invalidInput } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { findCustomer } from '../accounts/read-customer.ts'
import type { Project } from '../accounts/viewer.ts'
import { checkDecimal } from '../catalog/check-rate-card.ts'
import { findCreditType, type LedgerDeps } from '../ledger/create-wallet.ts'
import { readWatches, thresholdOf } from '../ledger/read-watches.ts'
import { type AccountSession, withAccount } from '../ledger/with-account.ts'

export interface BalanceAlertsInput {
  customerId?: string | null | undefined
  creditType: string
  thresholds: readonly { percent?: unknown; amount?: unknown }[]
}

/** An alert as the API shows it; `armed` is null where it is the project's, for all customers. Decimals as text. */
export interface BalanceAlert {
  readonly creditType: string
  readonly percent: string | null
  readonly amount: string | null
  readonly armed: boolean | null
}

const MOST = 10
const CUSTOMERS_AT_ONCE = 500

/**
 * Says at which levels of a balance to tell: of one customer, or of all of the project. What was said before is replaced; a
 * threshold that stays keeps whether it has told. Throws NOT_FOUND, INVALID_INPUT.
 */
export async function setBalanceAlerts(
  deps: LedgerDeps,
  project: Project,
  input: BalanceAlertsInput,
): Promise<BalanceAlert[]> {
  const thresholds = checkThresholds(input.thresholds)
  const creditType = await findCreditType(deps.catalog, project, input.creditType)
  if (input.customerId == null) {
    await setForAll(deps, project, creditType.pk, thresholds)
    return thresholds.map((threshold) => ({ creditType: creditType.code, ...thresholdOf({ threshold }), armed: null }))
  }
  const customer = await findCustomer(deps.database, project, input.customerId)
  return setForCustomer(deps, project, customer.pk, { ...creditType, thresholds, inherited: false })
}

interface Wanted {
  readonly pk: number
  readonly code: string
  readonly thresholds: readonly Threshold[]
  readonly inherited: boolean
}

async function setForCustomer(deps: LedgerDeps, project: Project, customerPk: number, wanted: Wanted) {
  const now = nowOf(project)
  const { result, version } = await deps.database.transaction((tx) =>
    withAccount(tx, customerPk, now, async (session) => {
      await replaceAlerts(tx, session, customerPk, wanted, now)
      session.touch()
      const watches = (await readWatches(tx, [customerPk])).get(customerPk) ?? []
      return watches.filter(({ kind, creditType }) => kind === 'ALERT' && creditType === wanted.pk)
    }),
  )
  deps.pubsub.publish([{ key: customerPk, version }])
  return result.map((watch) => ({ creditType: wanted.code, ...thresholdOf(watch), armed: watch.armed }))
}

async function replaceAlerts(
  tx: Transaction,
  { account }: AccountSession,
  customerPk: number,
  { pk: creditType, thresholds, inherited }: Wanted,
  now: number,
): Promise<void> {
  const known = ((await readWatches(tx, [customerPk])).get(customerPk) ?? []).filter(
    (watch) => watch.kind === 'ALERT' && watch.creditType === creditType && watch.inherited === inherited,
  )
  const saysSame = (threshold: Threshold) => known.find((watch) => nameOf(watch.threshold) === nameOf(threshold))
  const kept = new Set(thresholds.flatMap((threshold) => saysSame(threshold)?.id ?? []))
  tx.send(`delete from balance_watch where id = any($1::uuid[])`, [
    known.filter(({ id }) => !kept.has(id)).map(({ id }) => id),
  ])
  for (const threshold of thresholds.filter((threshold) => !saysSame(threshold))) {
    const watch = { id: newId(), creditType, kind: 'ALERT' as const, threshold, armed: true }
    const { percent, amount } = thresholdOf(watch)
    tx.send(
      `insert into balance_watch (id, customer_pk, credit_type_pk, kind, percent, amount, armed, inherited)
       values ($1, $2, $3, 'ALERT', $4, $5, $6, $7)`,
      [watch.id, customerPk, creditType, percent, amount, !isReached(watch, account, now), inherited],
    )
  }
}

/** Kept for customers who come to have the credit type later, and given to all who have it. */
async function setForAll(
  deps: LedgerDeps,
  project: Project,
  creditType: number,
  thresholds: readonly Threshold[],
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    tx.send(`delete from project_alert where credit_type_pk = $1`, [creditType])
    for (const threshold of thresholds) {
      const { percent, amount } = thresholdOf({ threshold })
      tx.send(
        `insert into project_alert (id, project_id, credit_type_pk, percent, amount) values ($1, $2, $3, $4, $5)`,
        [newId(), project.id, creditType, percent, amount],
      )
    }
  })
  for (let after = 0; ; ) {
    const rows = await deps.database.query<{ customer_pk: number }>(
      `select distinct customer_pk from wallet where credit_type_pk = $1 and customer_pk > $2
       order by customer_pk limit ${CUSTOMERS_AT_ONCE}`,
      [creditType, after],
    )
    for (const { customer_pk } of rows) {
      await setForCustomer(deps, project, customer_pk, { pk: creditType, code: '', thresholds, inherited: true })
    }
    if (rows.length < CUSTOMERS_AT_ONCE) return
    after = rows.at(-1)?.customer_pk ?? after
  }
}

function checkThresholds(thresholds: BalanceAlertsInput['thresholds']): Threshold[] {
  if (thresholds.length > MOST) throw invalidInput('thresholds', `at most ${MOST} thresholds, not ${thresholds.length}`)
  const checked = thresholds.map((threshold, index): Threshold => {
    const path = `thresholds.${index}`
    if (threshold.percent == null) return { amount: checkDecimal(threshold.amount, `${path}.amount`, 'zero') }
    const percent = checkDecimal<'rate'>(threshold.percent, `${path}.percent`, 'positive')
    if (Number(formatAmount(percent)) < 100) return { percent }
    throw invalidInput(`${path}.percent`, 'percent is of what was granted: more than 0 and less than 100')
  })
  const names = checked.map(nameOf)
  const twice = names.findIndex((name, index) => names.indexOf(name) !== index)
  if (twice !== -1) throw invalidInput(`thresholds.${twice}`, 'this threshold is there twice')
  return checked
}

function nameOf(threshold: Threshold): string {
  return JSON.stringify(thresholdOf({ threshold }))
}
