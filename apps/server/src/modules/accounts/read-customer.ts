import type { Address } from '@florin/core'
import type { Database, Transaction } from '../../platform/database.ts'
import { notFound } from '../../platform/errors.ts'
import { isStorable } from '../../platform/storable.ts'
import type { TaxRate } from './check-tax-rate.ts'
import type { Project } from './viewer.ts'

/** A customer of a project. `pk` is internal; `id` is the integrator's own. */
export interface Customer {
  readonly pk: number
  readonly id: string
  readonly name: string | null
  readonly email: string | null
  readonly address: Address | null
  readonly taxId: string | null
  readonly currency: string | null
  readonly timezone: string
  readonly metadata: unknown
  readonly createdAt: number
  readonly tax: TaxRate | null
}

const COLUMNS = `c.pk, c.id, c.name, c.email, c.address, c.tax_id as "taxId", c.currency, c.timezone, c.metadata,
  c.created_at as "createdAt", c.tax`

const CUSTOMER = {
  name: 'customer-by-id',
  text: `select ${COLUMNS} from customer c where c.project_id = $1 and c.id = $2`,
}

const PARENT = {
  name: 'customer-parent',
  text: `select ${COLUMNS} from customer_ledger l join customer c on c.pk = l.parent_pk where l.customer_pk = $1`,
}

export async function readCustomer(
  database: Database | Transaction,
  project: Project,
  id: string,
): Promise<Customer | null> {
  if (!isStorable(id)) return null
  const [row] = await database.query<Customer>(CUSTOMER, [project.id, id])
  return row ?? null
}

/** Throws NOT_FOUND. */
export async function findCustomer(database: Database | Transaction, project: Project, id: string): Promise<Customer> {
  const customer = await readCustomer(database, project, id)
  if (!customer) throw notFound('customer', id, 'customerId', 'create it with upsertCustomer')
  return customer
}

/** The integrator's id of a customer who is known to be there. */
export async function readCustomerId(database: Database | Transaction, pk: number): Promise<string> {
  const [row] = await database.query<{ id: string }>(`select id from customer where pk = $1`, [pk])
  if (!row) throw new Error(`customer ${pk} is missing`)
  return row.id
}

/** Who stands directly above a customer in a tree. */
export async function readParent(database: Database | Transaction, pk: number): Promise<Customer | null> {
  const [row] = await database.query<Customer>(PARENT, [pk])
  return row ?? null
}
