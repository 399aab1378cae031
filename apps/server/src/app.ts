import { type Authenticate, createAuthenticate } from './modules/accounts/authenticate.ts'
import { createReadCustomerKey, type ReadCustomerKey } from './modules/accounts/read-customer-key.ts'
import type { MoveCustomer, RenameCustomer } from './modules/accounts/upsert-customer.ts'
import type { Project } from './modules/accounts/viewer.ts'
import { type BillingStateFeed, createBillingStateFeed } from './modules/billing-state/billing-state-feed.ts'
import { createReadBillingState, type ReadBillingState } from './modules/billing-state/read-billing-state.ts'
import { type CatalogReader, createCatalogReader } from './modules/catalog/read-catalog.ts'
import { createFulfilPurpose } from './modules/checkout/fulfil-purpose.ts'
import { waitForPayments } from './modules/checkout/wait-for-payments.ts'
import { closeCommitment } from './modules/commitments/pay-commitment.ts'
import type { InvoiceDeps } from './modules/invoices/deps.ts'
import { createInLineages } from './modules/ledger/in-lineages.ts'
import { moveCustomer } from './modules/ledger/move-customer.ts'
import { createReadGrantDetail, type ReadGrantDetail } from './modules/ledger/read-grants.ts'
import { markUntold } from './modules/payments/payment-profile.ts'
import type { PaymentProvider } from './modules/payments/provider.ts'
import type { Fulfil, Waiting } from './modules/payments/purpose.ts'
import { readInvoiceRefunds } from './modules/payments/read-refunds.ts'
import { settleReversalsOf } from './modules/payments/settle-reversals.ts'
import { moveSubscribers } from './modules/subscriptions/move-subscribers.ts'
import { renewOverdue } from './modules/subscriptions/settle-due-subscriptions.ts'
import { closeOpenInvoice, lowerPaid } from './modules/subscriptions/settle-renewal.ts'
import { runTopUps } from './modules/topups/run-top-ups.ts'
import type { RenewOverdue } from './modules/usage/after-renewals.ts'
import { createFindHold, type FindHold } from './modules/usage/find-hold.ts'
import { createSpendUsage, type SpendUsage } from './modules/usage/spend-usage.ts'
import { createProcessEvents, type ProcessEvents } from './modules/webhooks/inbound/process-events.ts'
import { type Database, openDatabase } from './platform/database.ts'
import { Fault } from './platform/errors.ts'
import type { Log } from './platform/log.ts'
import { createMailer, type Mailer, type MailOptions } from './platform/mailer.ts'
import { type ResolveHost, resolveHost as resolveBySystem } from './platform/outbound-post.ts'
import { createLocalPubsub, createRedisPubsub, type Pubsub } from './platform/pubsub.ts'
import { createMissingSecretBox, createSecretBox, type SecretBox } from './platform/secret-box.ts'

/** The parts of one Florin process, put together. Commands take what they need of it. */
export interface App {
  readonly log: Log
  readonly database: Database
  readonly pubsub: Pubsub
  readonly publicUrl: string
  readonly secretBox: SecretBox
  readonly resolveHost: ResolveHost
  /** Null: there is no mail server. */
  readonly mailer: Mailer | null
  readonly authenticate: Authenticate
  readonly catalog: CatalogReader
  readonly customerKey: ReadCustomerKey
  readonly moveCustomer: MoveCustomer
  readonly renameCustomer: RenameCustomer
  readonly spendUsage: SpendUsage
  readonly findHold: FindHold
  readonly renewOverdue: RenewOverdue
  readonly readBillingState: ReadBillingState
  readonly readGrantDetail: ReadGrantDetail
  readonly billingStateFeed: BillingStateFeed
  /** Each provider that a project may pay at. */
  readonly providers: readonly PaymentProvider[]
  readonly providerEvents: ProcessEvents
  readonly fulfil: Fulfil
  readonly waiting: Waiting
  readonly invoiceClosed: InvoiceDeps['invoiceClosed']
  readonly invoiceCredited: InvoiceDeps['invoiceCredited']
  readonly readRefunds: InvoiceDeps['readRefunds']
  readonly lookUpRefunds: InvoiceDeps['lookUpRefunds']
  moveSubscribers(project: Project): Promise<void>
  providerFor(project: Project): PaymentProvider
  close(): Promise<void>
}

export interface AppOptions {
  readonly databaseUrl: string
  readonly redisUrl: string | null
  readonly publicUrl: string
  readonly log: Log
  /** Encrypts secrets in the database; null: this process can neither keep nor read any. */
  readonly encryptionKey: string | null
  /** The mail server; left out: mails are kept, not sent. */
  readonly mail?: MailOptions | null
  /** How names of hosts are resolved that strangers chose; left out: as the machine does. */
  readonly resolveHost?: ResolveHost
  readonly providers: {
    /** Null: none is configured. */
    readonly live: PaymentProvider | null
    /** The one for sandbox projects. */
    readonly sandbox: PaymentProvider
  }
}

// A database whose host is gone says nothing, and TCP waits a quarter of an hour for it; a client's host that is gone holds
// its locks for two hours. Commands may wait for each other for longer than the hot path does.
const PATIENCE_MS = 60_000
const HOT_PATIENCE_MS = 10_000

export function createApp(options: AppOptions): App {
  const { databaseUrl, redisUrl, publicUrl, log, providers, encryptionKey, resolveHost = resolveBySystem } = options
  const database = openDatabase(databaseUrl, { patienceMs: PATIENCE_MS })
  // Connections of its own: the catalogue is read in the middle of other transactions, and the hot path must not wait
  // for commands that wait for a payment provider.
  const hot = openDatabase(databaseUrl, { connections: 10, byKey: true, patienceMs: HOT_PATIENCE_MS })
  const pubsub = redisUrl ? createRedisPubsub(redisUrl, log) : createLocalPubsub()
  const catalog = createCatalogReader(hot)
  const customerKey = createReadCustomerKey(hot)
  const inLineages = createInLineages(hot)
  // Decisions and readings come before the worker now and then: what they depend on is then done first.
  const overdue: RenewOverdue = (projectId, customerPk) => renewOverdue(app, projectId, customerPk)
  const buyCredits = (customerPks: readonly number[]) =>
    void runTopUps(app, customerPks).catch((error: unknown) =>
      log.warn({ err: error }, 'top-ups could not be begun; workers find them'),
    )
  const readBillingState = createReadBillingState({ database: hot, catalog, customerKey, renewOverdue: overdue })
  const billingStateFeed = createBillingStateFeed({ database, pubsub, customerKey, readBillingState, log })
  const { live, sandbox } = providers
  const app: App = {
    log,
    database,
    pubsub,
    publicUrl,
    secretBox: encryptionKey === null ? createMissingSecretBox() : createSecretBox(encryptionKey),
    resolveHost,
    mailer: options.mail ? createMailer(options.mail) : null,
    catalog,
    customerKey,
    moveCustomer,
    renameCustomer: markUntold,
    readBillingState,
    billingStateFeed,
    authenticate: createAuthenticate(hot),
    spendUsage: createSpendUsage({
      database: hot,
      pubsub,
      catalog,
      renewOverdue: overdue,
      inLineages,
      buyCredits,
    }),
    findHold: createFindHold(hot),
    renewOverdue: overdue,
    readGrantDetail: createReadGrantDetail(database),
    providers: live ? [live, sandbox] : [sandbox],
    providerEvents: { wake: () => processEvents.wake(), stop: () => processEvents.stop() },
    fulfil: createFulfilPurpose(catalog),
    waiting: waitForPayments(catalog),
    invoiceClosed: async (tx, session, { id, projectId, subscriptionId }, how) => {
      if (subscriptionId === null) return closeCommitment(tx, session, id)
      await closeOpenInvoice(tx, session, await catalog.read(projectId), { subscriptionId, invoiceId: id }, how)
    },
    invoiceCredited: lowerPaid,
    readRefunds: readInvoiceRefunds,
    lookUpRefunds: (project, invoiceId) => settleReversalsOf(app, project, invoiceId),
    moveSubscribers: (project) => moveSubscribers(app, project),
    providerFor: (project) => chooseProvider(project, providers),
    close: async () => {
      await processEvents.stop()
      billingStateFeed.close()
      await pubsub.close()
      await Promise.all([database.close(), hot.close()])
    },
  }
  const processEvents = createProcessEvents(app)
  return app
}

function chooseProvider({ mode }: Project, { live, sandbox }: AppOptions['providers']): PaymentProvider {
  const provider = mode === 'SANDBOX' ? sandbox : live
  if (provider) return provider
  throw new Fault('PAYMENT_PROVIDER_UNAVAILABLE', 'a LIVE project needs a live STRIPE_SECRET_KEY: set it and restart')
}
