import { chargeStep, currencyDecimals, formatMoney, type Money, parseMoney } from '@florin/core'
import { checkKey, runCommand } from '../../platform/command.ts'
import type { Transaction } from '../../platform/database.ts'
import { checkStorable, Fault, invalidInput, notFound } from '../../platform/errors.ts'
import { newId, storedId } from '../../platform/ids.ts'
import type { Project } from '../accounts/viewer.ts'
import type { PaymentDeps } from './deps.ts'
import { lockPayment, type PaidPayment } from './lock-payment.ts'
import { readOtherAccount } from './read-other-account.ts'
import { type RefundView, readRefund } from './read-payments.ts'
import { readLimits } from './read-refunds.ts'
import { settleRefund } from './settle-refund.ts'

export interface RefundPaymentInput {
  paymentId: string
  /** Left out: all that is left. */
  amount?: unknown
  reason?: string | null | undefined
  idempotencyKey: string
}

/**
 * Gives money back to the customer's bank, and takes back the credits that it had bought. Written before the provider is asked,
 * so that a crash at any point ends in one refund. Throws NOT_FOUND, INVALID_INPUT, CONFLICT.
 *
 * @throws Fault PAYMENT_PROVIDER_UNAVAILABLE while nobody knows whether it was done.
 */
export async function refundPayment(
  deps: PaymentDeps,
  project: Project,
  input: RefundPaymentInput,
): Promise<RefundView> {
  const reason = checkReason(input.reason)
  const { id, customerId } = await findPayment(deps, project, input.paymentId)
  const { idempotencyKey, ...rest } = input
  const key = checkKey(idempotencyKey)
  const elsewhere = await readOtherAccount(deps, project, id)
  const { refundId } = await runCommand(
    deps.database,
    { projectId: project.id, operation: 'refundPayment', scope: customerId, key, input: rest },
    async (tx) => {
      if (elsewhere !== null) throw refuseElsewhere(elsewhere)
      return { refundId: await openRefund(tx, id, input.amount, reason) }
    },
  )
  try {
    await settleRefund(deps, project, refundId)
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'PAYMENT_PROVIDER_UNAVAILABLE') throw error
    throw new Fault(error.code, 'the refund is being looked up: ask again with the same idempotencyKey')
  }
  return readRefund(deps.database, refundId)
}

/** It would be on its way for ever, and leave no room for a credit note. */
function refuseElsewhere(account: string): Fault {
  return new Fault(
    'CONFLICT',
    `the payment was made at the account "${account}": set its key again, or give a credit note`,
    'paymentId',
  )
}

function checkReason(reason: string | null | undefined): string | null {
  if (reason == null) return null
  checkStorable(reason, 'reason')
  if (/^\S.{0,499}$/s.test(reason)) return reason
  throw invalidInput('reason', 'reason is 1 to 500 characters, or left out: the customer can read it')
}

async function findPayment({ database }: PaymentDeps, project: Project, paymentId: string) {
  const id = storedId('pay', paymentId)
  const [payment] = id
    ? await database.query<{ id: string; customerId: string }>(
        `select y.id, c.id as "customerId" from payment y join customer c on c.pk = y.customer_pk
         where y.id = $1 and y.project_id = $2`,
        [id, project.id],
      )
    : []
  if (!payment) throw notFound('payment', paymentId, 'paymentId')
  return payment
}

/** Under the payment's lock: refunds that are on their way count, so that parallel ones never pass what was paid. */
async function openRefund(tx: Transaction, paymentId: string, asked: unknown, reason: string | null): Promise<string> {
  const payment = await lockPayment(tx, paymentId)
  const { minor, currency } = checkAmount(asked, await leftOf(tx, payment))
  const id = newId()
  await tx.query(
    `insert into refund (id, payment_id, status, amount_minor, currency, reason) values ($1, $2, 'PENDING', $3, $4, $5)`,
    [id, paymentId, minor, currency, reason],
  )
  return id
}

async function leftOf(tx: Transaction, payment: PaidPayment): Promise<Money> {
  const refuse = (why: string) => new Fault('CONFLICT', `the payment ${why}`, 'paymentId')
  const { status, paid } = payment
  if (status === 'PENDING') throw refuse('is being made: wait for it')
  if (status === 'PROCESSING') throw refuse('is on its way, and the bank takes days: wait for it')
  if (status === 'FAILED') throw refuse('failed: there is nothing to refund')
  if (status !== 'SUCCEEDED' && !(await isReturnFailed(tx, payment))) {
    throw refuse('was returned already: what it was for could not be carried out')
  }
  const { left, disputed } = await readLimits(tx, payment)
  if (disputed) throw refuse('is in dispute: the bank has the money, and decides')
  if (left <= 0n) throw refuse('is refunded or credited already, or a refund of all of it is on its way')
  return { minor: left, currency: paid.currency }
}

/** A return is known as a refund only where one has failed: the money is still here. */
async function isReturnFailed(tx: Transaction, { id, status }: PaidPayment): Promise<boolean> {
  if (status !== 'REFUNDED') return false
  const rows = await tx.query(`select 1 from refund where payment_id = $1 limit 1`, [id])
  return rows.length > 0
}

function checkAmount(asked: unknown, left: Money): Money {
  if (asked == null) return left
  const { currency } = left
  const amount = parseMoney(asked, currency)
  if (!amount || amount.minor <= 0n) {
    throw invalidInput(
      'amount',
      `amount is a positive amount in ${currency} with at most its ${currencyDecimals(currency)} decimals`,
    )
  }
  if (amount.minor > left.minor) throw invalidInput('amount', `at most ${formatMoney(left)} of the payment is left`)
  const step = chargeStep(currency)
  if (amount.minor % step !== 0n) {
    throw invalidInput('amount', `banks take multiples of ${formatMoney({ minor: step, currency })} ${currency} only`)
  }
  return amount
}
