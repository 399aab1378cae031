import { nowOf } from '../../platform/clock.ts'
import { canonicalJson } from '../../platform/command.ts'
import type { Database, Transaction } from '../../platform/database.ts'
import { checkMetadata, checkStorable, Fault, invalidInput, notFound } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import type { Pubsub } from '../../platform/pubsub.ts'
import { findCustomer } from '../accounts/read-customer.ts'
import type { Project } from '../accounts/viewer.ts'
import type { CatalogReader } from '../catalog/read-catalog.ts'
import { DEFAULT_PRIORITY, inheritAlerts } from './add-grant.ts'
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
  checkMetadata(input.metadata)
  const customer = await findCustomer(deps.database, project, input.customerId)
  const creditType = await findCreditType(deps.catalog, project, input.creditType)
  const wallet = {
    id: newId(),
    name: input.name,
    priority: input.priority ?? DEFAULT_PRIORITY,
    metadata: input.metadata,
  }
  const { result: id, version } = await deps.database.transaction((tx) =>
    withAccount(tx, customer.pk, nowOf(project), async (session) => {
      const known = await findNamed(tx, customer.pk, creditType.pk, wallet.name)
      if (known) return refuseOther(known, wallet)
      inheritAlerts(tx, customer.pk, creditType.pk)
      tx.send(
        `insert into wallet (id, customer_pk, credit_type_pk, name, priority, metadata) values ($1, $2, $3, $4, $5, $6)`,
        [wallet.id, customer.pk, creditType.pk, wallet.name, wallet.priority, canonicalOf(wallet.metadata)],
      )
      session.touch()
      return wallet.id
    }),
  )
  deps.pubsub.publish([{ key: customer.pk, version }])
  const wallets = await readWallets(deps, project, customer.pk)
  return wallets.find((candidate) => candidate.id === id) as WalletView
}

interface NamedWallet {
  readonly id: string
  readonly name: string
  readonly priority: number
  readonly metadata: unknown
}

async function findNamed(tx: Transaction, customerPk: number, creditTypePk: number, name: string) {
  const [known] = await tx.query<NamedWallet>(
    `select id, name, priority, metadata from wallet where customer_pk = $1 and credit_type_pk = $2 and name = $3`,
    [customerPk, creditTypePk, name],
  )
  return known ?? null
}

const canonicalOf = (metadata: unknown) => (metadata == null ? null : canonicalJson(metadata))

/** The wallet that is there, if it is what is asked for. Throws CONFLICT. */
function refuseOther(known: NamedWallet, { name, priority, metadata }: NamedWallet): string {
  const differs = known.priority !== priority ? `priority ${known.priority}` : 'other metadata'
  if (known.priority === priority && canonicalOf(known.metadata) === canonicalOf(metadata)) return known.id
  throw new Fault('CONFLICT', `the wallet "${name}" has ${differs} already: use another name`, 'name')
}

/** Throws NOT_FOUND. */
export async function findCreditType(reader: CatalogReader, project: Project, code: string, field = 'creditType') {
  for (const read of [reader.read, reader.fresh]) {
    const creditType = (await read(project.id)).creditTypes.get(code)
    if (creditType) return creditType
  }
  throw notFound('credit type', code, field, 'define it with defineCreditType')
}
