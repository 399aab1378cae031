import type { TestAccount } from './bank-accounts.ts'
import { findCharge } from './charges.ts'
import { sessionOfIntent, settleSession } from './checkout-lifecycle.ts'
import type { Context } from './context.ts'
import { settleDebit } from './debits.ts'
import { methodBehind } from './methods-on-file.ts'

/** Lets the banks answer the debits that are due, in the order in which they were sent. */
export function settleDebits(context: Context, until = context.now): void {
  for (const { id, due } of context.store.debitsToCome.oldestFirst()) {
    if (due > until) continue
    context.store.debitsToCome.delete(id)
    const charge = findCharge(context, id)
    const method = context.store.paymentMethods.get(charge.payment_method)
    if (!method) throw new Error(`charge without a payment method: ${id}`)
    const intent = settleDebit(context, charge, methodBehind(context, method).instrument as TestAccount)
    const session = sessionOfIntent(context, intent.id)
    if (session) settleSession(context, session, intent)
  }
}
