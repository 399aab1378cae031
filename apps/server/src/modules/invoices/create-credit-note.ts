import {
  chargeStep,
  currencyDecimals,
  formatMoney,
  leastCharge,
  type Money,
  parseMoney,
  shareOfMoney,
} from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import { checkKey, runCommand } from '../../platform/command.ts'
import type { Transaction } from '../../platform/database.ts'
import { checkStorable, Fault, invalidInput } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import type { Project } from '../accounts/viewer.ts'
import { withAccount } from '../ledger/with-account.ts'
import { announceInvoice } from './announce-invoice.ts'
import type { InvoiceDeps } from './deps.ts'
import { findInvoice } from './find-invoice.ts'
import { moveAccountCredit } from './move-account-credit.ts'
import { type CreditNote, creditedBy, readCreditNotes } from './read-credit-notes.ts'
import { readStoredInvoice, type StoredInvoice } from './read-stored-invoice.ts'

export interface CreditNoteInput {
  invoiceId: string
  /** Tax included; left out: all that earlier notes have left of the invoice. */
  amount?: unknown
  reason: string
  idempotencyKey: string
}

/**
 * Takes back a part of an issued invoice, under a number of its own: off what is due, else as account credit. All notes of an
 * invoice and the refunds of its payment together never pass its total, also when two are written at once. Throws NOT_FOUND,
 * INVALID_INPUT, CONFLICT.
 *
 * @throws Fault PAYMENT_PROVIDER_UNAVAILABLE while nobody knows what went back of a payment.
 */
export async function createCreditNote(
  deps: InvoiceDeps,
  project: Project,
  input: CreditNoteInput,
): Promise<CreditNote> {
  const reason = checkReason(input.reason)
  const { id, customerPk } = await findInvoice(deps.database, project, input.invoiceId)
  const { idempotencyKey, ...rest } = input
  const command = {
    projectId: project.id,
    operation: 'createCreditNote',
    scope: id,
    key: checkKey(idempotencyKey),
    input: rest,
  }
  const unknown = await lookUpRefunds(deps, project, id)
  const answer = await runCommand(deps.database, command, async (tx) => {
    // A key that was answered before is answered again, whether or not the provider can be asked.
    if (unknown) throw unknown
    const { result, version } = await withAccount(tx, customerPk, nowOf(project), async (session) => {
      const invoice = await readStoredInvoice(tx, id, 'for update')
      const notes = await readCreditNotes(tx, id)
      const amount = checkAmount(input.amount, invoice, creditedBy(notes) + (await deps.readRefunds(tx, id)))
      session.touch()
      const noteId = await writeNote(tx, project, invoice, amount, reason)
      deps.invoiceCredited(tx, invoice, amount.minor)
      if (await credit(tx, invoice, noteId, amount.minor)) {
        announceInvoice(tx, 'invoice.paid', { ...invoice, status: 'PAID', amountDueMinor: 0 }, nowOf(project))
        await deps.invoiceClosed(tx, session, invoice, 'SETTLED')
      }
      return noteId
    })
    return { noteId: result, version }
  })
  deps.pubsub.publish([{ key: customerPk, version: answer.version }])
  const notes = await readCreditNotes(deps.database, id)
  return notes.find((note) => note.id === answer.noteId) as CreditNote
}

/** What was given back on the provider's own pages counts too. Answers why nobody can say what that is, if so. */
async function lookUpRefunds(deps: InvoiceDeps, project: Project, invoiceId: string): Promise<Fault | null> {
  try {
    await deps.lookUpRefunds(project, invoiceId)
    return null
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'PAYMENT_PROVIDER_UNAVAILABLE') throw error
    return new Fault(
      error.code,
      'the payment provider does not say what went back of the invoice: ask again with the same idempotencyKey',
    )
  }
}

function checkReason(reason: string): string {
  checkStorable(reason, 'reason')
  if (/^\S.{0,499}$/s.test(reason)) return reason
  throw invalidInput('reason', 'reason is 1 to 500 characters: the customer reads it')
}

function checkAmount(input: unknown, invoice: StoredInvoice, givenBack: bigint): Money {
  const { status, currency, totalMinor, number } = invoice
  if (status !== 'OPEN' && status !== 'PAID') {
    throw new Fault(
      'CONFLICT',
      `the invoice ${number} is ${status.toLowerCase()}: nothing of it can be credited`,
      'invoiceId',
    )
  }
  const left = { minor: BigInt(totalMinor) - givenBack, currency }
  if (left.minor <= 0n) {
    throw new Fault('CONFLICT', `all of the invoice ${number} is credited or refunded already`, 'invoiceId')
  }
  const amount = input == null ? left : parseMoney(input, currency)
  if (!amount || amount.minor <= 0n) {
    throw invalidInput(
      'amount',
      `amount is a positive amount in ${currency} with at most its ${currencyDecimals(currency)} decimals`,
    )
  }
  if (amount.minor > left.minor)
    throw invalidInput('amount', `at most ${formatMoney(left)} of the invoice is left to credit`)
  refuseUnchargeable(amount, invoice)
  return amount
}

/** What is left to pay, of this invoice or of the next one that uses the credit, must be what a card can be charged. */
function refuseUnchargeable({ minor, currency }: Money, { amountDueMinor }: StoredInvoice): void {
  const step = chargeStep(currency)
  if (minor % step !== 0n) {
    throw invalidInput('amount', `banks take multiples of ${formatMoney({ minor: step, currency })} ${currency} only`)
  }
  const least = leastCharge(currency)
  const due = BigInt(amountDueMinor)
  const rest = due - minor
  if (rest <= 0n || rest >= least || due < least) return
  const [left, needed, most] = [rest, least, due - least].map((each) => formatMoney({ minor: each, currency }))
  throw invalidInput(
    'amount',
    `this would leave ${left} ${currency} to pay, and no less than ${needed} can be charged: credit ${most} at most, or all`,
  )
}

async function writeNote(
  tx: Transaction,
  project: Project,
  invoice: StoredInvoice,
  amount: Money,
  reason: string,
): Promise<string> {
  const [counter] = await tx.query<{ number: number }>(
    `update invoice_counter set next_credit_note = next_credit_note + 1 where project_id = $1
     returning next_credit_note - 1 as number`,
    [project.id],
  )
  const { currency } = invoice
  const tax = shareOfMoney(
    { minor: BigInt(invoice.taxMinor), currency },
    { left: amount.minor, whole: BigInt(invoice.totalMinor) },
  )
  const id = newId()
  await tx.query(
    `insert into credit_note (id, project_id, invoice_id, number, amount_minor, tax_minor, reason, issued_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      id,
      project.id,
      invoice.id,
      `CN-${String((counter as { number: number }).number).padStart(6, '0')}`,
      amount.minor,
      tax.minor,
      reason,
      new Date(nowOf(project)),
    ],
  )
  return id
}

/** Off what is due first, the rest to account credit. Answers whether nothing is due any more that was due before. */
async function credit(tx: Transaction, invoice: StoredInvoice, noteId: string, amount: bigint): Promise<boolean> {
  const due = BigInt(invoice.amountDueMinor)
  const offDue = amount < due ? amount : due
  const settles = due > 0n && offDue === due
  await tx.query(
    `update invoice set credited_minor = credited_minor + $2, amount_due_minor = amount_due_minor - $2,
       status = $3::invoice_status where id = $1`,
    [invoice.id, offDue, settles ? 'PAID' : invoice.status],
  )
  const { customerPk, currency } = invoice
  moveAccountCredit(tx, customerPk, currency, amount - offDue, { type: 'CREDIT_NOTE', id: noteId })
  return settles
}
