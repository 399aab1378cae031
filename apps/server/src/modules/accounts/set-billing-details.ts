import type { Address } from '@florin/core'
import type { Database, Transaction } from '../../platform/database.ts'
import { type AddressInput, checkAddress, checkLine } from './check-address.ts'
import { checkMailAddress } from './check-brand.ts'
import { checkTaxId } from './check-tax-id.ts'
import { type Customer, findCustomer } from './read-customer.ts'
import type { RenameCustomer } from './upsert-customer.ts'
import type { Project } from './viewer.ts'

/** Left out: stays; null: removed. */
export interface BillingDetailsInput {
  customerId: string
  name?: string | null | undefined
  email?: string | null | undefined
  address?: AddressInput | null | undefined
  taxId?: string | null | undefined
}

export interface BillingDetailsDeps {
  readonly database: Database
  readonly renameCustomer: RenameCustomer
}

/** Says who invoices are for that are issued from now on. Throws NOT_FOUND, INVALID_INPUT. */
export async function setBillingDetails(
  { database, renameCustomer }: BillingDetailsDeps,
  project: Project,
  input: BillingDetailsInput,
): Promise<Customer> {
  const name = input.name == null ? input.name : checkLine(input.name, 'name', 200)
  const email = input.email == null ? input.email : checkMailAddress(input.email.trim(), 'email')
  const address = input.address ? checkAddress(input.address) : input.address
  const { pk } = await findCustomer(database, project, input.customerId)
  return database.transaction(async (tx) => {
    await tx.query(`select 1 from customer where pk = $1 for update`, [pk])
    const stored = await findCustomer(tx, project, input.customerId)
    const country = (address === undefined ? stored.address : address)?.country ?? null
    const taxId = input.taxId == null ? input.taxId : checkTaxId(input.taxId, country)
    writeDetails(tx, pk, { name, email, address, taxId })
    if (name !== undefined || email !== undefined) renameCustomer(tx, pk)
    return findCustomer(tx, project, input.customerId)
  })
}

type Changes = { readonly [Field in 'name' | 'email' | 'taxId']: string | null | undefined } & {
  readonly address: Address | null | undefined
}

function writeDetails(tx: Transaction, pk: number, changes: Changes): void {
  const { address, ...texts } = changes
  const given = (value: unknown) => value !== undefined
  tx.send(
    `update customer set name = case when $2 then $3 else name end, email = case when $4 then $5 else email end,
       tax_id = case when $6 then $7 else tax_id end, address = case when $8 then $9::jsonb else address end
     where pk = $1`,
    [
      pk,
      ...[texts.name, texts.email, texts.taxId].flatMap((text) => [given(text), text ?? null]),
      given(address),
      address ? JSON.stringify(address) : null,
    ],
  )
}
