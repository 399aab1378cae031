import type { Database, Transaction } from '../../platform/database.ts'
import type { Pubsub } from '../../platform/pubsub.ts'
import type { Project } from '../accounts/viewer.ts'
import type { AccountSession } from '../ledger/with-account.ts'
import type { StoredInvoice } from './read-stored-invoice.ts'

/** What an operator's commands on invoices need. */
export interface InvoiceDeps {
  readonly database: Database
  readonly pubsub: Pubsub
  /**
   * Tells the modules above that an open invoice is open no longer: SETTLED, so that what it is for comes, or WAIVED, so that
   * nobody waits for it. Handed in at composition.
   */
  invoiceClosed(
    tx: Transaction,
    session: AccountSession,
    invoice: StoredInvoice,
    how: 'SETTLED' | 'WAIVED',
  ): Promise<void>
  /** Makes the books say what went back of an invoice's payments. Throws PAYMENT_PROVIDER_UNAVAILABLE while nobody knows. */
  lookUpRefunds(project: Project, invoiceId: string): Promise<void>
  /** What of an invoice's payments went back to the bank, or is on its way. Minor units. */
  readRefunds(tx: Transaction, invoiceId: string): Promise<bigint>
  /** Tells them that a part of an invoice was given back. */
  invoiceCredited(tx: Transaction, invoice: StoredInvoice, minor: bigint): void
}
