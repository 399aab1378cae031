import { nowOf } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import { checkStorable, Fault, invalidInput, notFound } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import type { Pubsub } from '../../platform/pubsub.ts'
import { findCustomer } from '../accounts/read-customer.ts'
import type { Project } from '../accounts/viewer.ts'
import type { CatalogReader } from '../catalog/read-catalog.ts'
import { inheritAlerts } from './add-grant.ts'
import { readWallets, type WalletView } from './read-wallets.ts'
import { withAccount } from './with-account.ts'

export interface LedgerDeps {
  readonly database: Database
  readonly catalog: CatalogReader
  readonly pubsub: Pubsub
}

export interface CreateWalletInput {
  customerId: string
  creditType: string
  name: string
  priority?: number | null | undefined
  metadata?: unknown
}

/** Creates a wallet, or answers the one of that name if it is the same. Throws NOT_FOUND, INVALID_INPUT, CONFLICT. */
export async function createWallet(deps: LedgerDeps, project: Project, input: CreateWalletInput): Promise<WalletView> {
  if (!/^\S.{0,99}$/.test(input.name)) throw invalidInput('name', 'a wallet name is 1 to 100 characters')
  checkStorable(input.name, 'name')
  checkStorable(input.metadata, 'metadata')
  const customer = await findCustomer(deps.database, project, input.customerId)
  const creditType = await findCreditType(deps.catalog, project, input.creditType)
  const priority = input.priority ?? 100
  const { version } = await deps.database.transaction((tx) =>
    withAccount(tx, customer.pk, nowOf(project), async (session) => {
      inheritAlerts(tx, customer.pk, creditType.pk)
      await tx.query(
        `insert into wallet (id, customer_pk, credit_type_pk, name, priority, metadata) values ($1, $2, $3, $4, $5, $6)
         on conflict (customer_pk, credit_type_pk, name) do nothing`,
        [
          newId(),
          customer.pk,
          creditType.pk,
          input.name,
          priority,
          input.metadata == null ? null : JSON.stringify(input.metadata),
        ],
      )
      session.touch()
    }),
  )
  deps.pubsub.publish([{ key: customer.pk, version }])
  const wallets = await readWallets(deps, project, customer.pk)
  const wallet = wallets.find(({ name, creditType: code }) => name === input.name && code === input.creditType)
  if (!wallet) throw new Error(`wallet ${input.name} is missing after it was created`)
  if (wallet.priority !== priority) {
    throw new Fault(
      'CONFLICT',
      `the wallet "${input.name}" has priority ${wallet.priority} already: use another name`,
      'name',
    )
  }
  return wallet
}

/** Throws NOT_FOUND. */
export async function findCreditType(reader: CatalogReader, project: Project, code: string, field = 'creditType') {
  for (const read of [reader.read, reader.fresh]) {
    const creditType = (await read(project.id)).creditTypes.get(code)
    if (creditType) return creditType
  }
  throw notFound('credit type', code, field, 'define it with defineCreditType')
}
