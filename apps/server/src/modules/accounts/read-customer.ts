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
  readonly currency: string | null
  readonly timezone: string
  readonly metadata: unknown
  readonly createdAt: number
  readonly tax: TaxRate | null
}

const CUSTOMER = {
  name: 'customer-by-id',
  text: `select pk, id, name, email, currency, timezone, metadata, created_at as "createdAt", tax
         from customer where project_id = $1 and id = $2`,
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
