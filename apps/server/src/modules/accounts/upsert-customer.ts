import { type Address, currencyDecimals, isTimeZone } from '@florin/core'
import type { Database, Transaction } from '../../platform/database.ts'
import { checkMetadata, checkStorable, invalidInput } from '../../platform/errors.ts'
import type { Announcement, Pubsub } from '../../platform/pubsub.ts'
import { type AddressInput, checkAddress, checkLine } from './check-address.ts'
import { checkTaxId } from './check-tax-id.ts'
import { checkTaxRate, type TaxRateInput } from './check-tax-rate.ts'
import { type Customer, findCustomer, readCustomer } from './read-customer.ts'
import type { Project } from './viewer.ts'

export interface CustomerInput {
  id: string
  name?: string | null | undefined
  email?: string | null | undefined
  /** Null: removed. */
  address?: AddressInput | null | undefined
  /** Null: removed. */
  taxId?: string | null | undefined
  currency?: string | null | undefined
  timezone?: string | null | undefined
  metadata?: unknown
  /** The customer's own tax, in place of the project's: 0 percent for one who is exempt; null: the project's again. */
  taxRate?: TaxRateInput | null | undefined
  /** Null: below nobody. */
  parentId?: string | null | undefined
}

/** Puts a customer below another one, whose pools may pay: told by the ledger, which is above this module. */
export type MoveCustomer = (
  tx: Transaction,
  project: Project,
  customerPk: number,
  parentId: string | null,
) => Promise<readonly Announcement[]>

/** Told by payments, which are above this module: whoever knows the customer elsewhere is told what they are called now. */
export type RenameCustomer = (tx: Transaction, customerPk: number) => void

export interface UpsertDeps {
  readonly database: Database
  readonly pubsub: Pubsub
  readonly moveCustomer: MoveCustomer
  readonly renameCustomer: RenameCustomer
}

/**
 * Creates the customer or updates what the input names; what it leaves out stays. Throws INVALID_INPUT, and for the parent
 * NOT_FOUND and CONFLICT.
 */
export async function upsertCustomer(
  { database, pubsub, moveCustomer, renameCustomer }: UpsertDeps,
  project: Project,
  input: CustomerInput,
): Promise<Customer> {
  check(input)
  const tax = input.taxRate ? checkTaxRate(input.taxRate, 'taxRate') : null
  const address = input.address ? checkAddress(input.address) : input.address
  const moved = await database.transaction(async (tx) => {
    const taxId =
      input.taxId != null ? checkTaxId(input.taxId, await countryOf(tx, project, input.id, address)) : input.taxId
    const [row] = await tx.query<{ pk: number }>(
      `insert into customer (project_id, id, name, email, currency, timezone, metadata, tax, address, tax_id)
       values ($1, $2, $3, $4, $5, coalesce($6, 'UTC'), $7, $8, $10, $11)
       on conflict (project_id, id) do update set
         name = coalesce($3, customer.name), email = coalesce($4, customer.email),
         currency = coalesce($5, customer.currency), timezone = coalesce($6, customer.timezone),
         metadata = coalesce($7, customer.metadata), tax = case when $9 then null else coalesce($8, customer.tax) end,
         address = case when $12 then null else coalesce($10, customer.address) end,
         tax_id = case when $13 then null else coalesce($11, customer.tax_id) end
       returning pk`,
      [
        project.id,
        input.id,
        input.name ?? null,
        input.email ?? null,
        input.currency ?? null,
        input.timezone ?? null,
        input.metadata == null ? null : JSON.stringify(input.metadata),
        tax && JSON.stringify(tax),
        input.taxRate === null,
        address ? JSON.stringify(address) : null,
        taxId ?? null,
        input.address === null,
        input.taxId === null,
      ],
    )
    const pk = row?.pk as number
    await tx.query(`insert into customer_ledger (customer_pk) values ($1) on conflict do nothing`, [pk])
    if (input.name != null || input.email != null) renameCustomer(tx, pk)
    return input.parentId === undefined ? [] : moveCustomer(tx, project, pk, input.parentId)
  })
  pubsub.publish(moved)
  return findCustomer(database, project, input.id)
}

/** Of the address that the input gives, else of the one that is known: what a tax id is looked at by. */
async function countryOf(
  tx: Transaction,
  project: Project,
  id: string,
  given: Address | null | undefined,
): Promise<string | null> {
  const address = given === undefined ? (await readCustomer(tx, project, id))?.address : given
  return address?.country ?? null
}

// Mails go to fewer (`isMailAddress`); what is kept is printed too.
const EMAIL =
  /^(?=.{3,254}$)[^\s@\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]+@[^\s@\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]+$/u

function check(input: CustomerInput): void {
  if (!/^[^\s\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]{1,255}$/u.test(input.id)) {
    throw invalidInput('id', 'a customer id is 1 to 255 characters without spaces: use the id from your own database')
  }
  // Blank: no name. It is printed on each invoice, which whoever has its link may ask for as often as they like.
  if (checkStorable(input.name, 'name')?.trim()) checkLine(input.name as string, 'name', 200)
  checkMetadata(input.metadata)
  checkStorable(input.parentId, 'parentId')
  if (input.timezone != null && !isTimeZone(input.timezone)) {
    throw invalidInput('timezone', `"${input.timezone}" is not an IANA time zone such as "Europe/Madrid"`)
  }
  if (input.currency != null && currencyDecimals(input.currency) === null) {
    throw invalidInput('currency', `"${input.currency}" is not an ISO 4217 currency code such as "USD"`)
  }
  if (input.email != null && !EMAIL.test(input.email)) {
    throw invalidInput('email', 'email is an e-mail address such as "ada@example.com", of at most 254 characters')
  }
}
