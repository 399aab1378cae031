import type { Address } from '@florin/core'
import type { Database, Transaction } from '../../platform/database.ts'
import { type AddressInput, checkAddress, checkLine } from './check-address.ts'
import { checkTaxId } from './check-tax-id.ts'
import { readSeller, type Seller } from './read-seller.ts'
import type { Project } from './viewer.ts'

/** Left out: stays; null: removed. */
export interface SellerInput {
  legalName?: string | null | undefined
  address?: AddressInput | null | undefined
  taxId?: string | null | undefined
}

/** Says who invoices are from that are issued from now on. Throws INVALID_INPUT. */
export async function setSeller(
  { database }: { database: Database },
  project: Project,
  input: SellerInput,
): Promise<Seller> {
  const legalName = input.legalName == null ? input.legalName : checkLine(input.legalName, 'legalName', 200)
  const address = input.address ? checkAddress(input.address) : input.address
  return database.transaction(async (tx) => {
    await tx.query(`insert into seller (project_id) values ($1) on conflict do nothing`, [project.id])
    await tx.query(`select 1 from seller where project_id = $1 for update`, [project.id])
    const seller = await readSeller(tx, project)
    const country = (address === undefined ? seller.address : address)?.country ?? null
    const taxId = input.taxId == null ? input.taxId : checkTaxId(input.taxId, country)
    writeSeller(tx, project, { legalName, address, taxId })
    return readSeller(tx, project)
  })
}

interface Changes {
  readonly legalName: string | null | undefined
  readonly address: Address | null | undefined
  readonly taxId: string | null | undefined
}

function writeSeller(tx: Transaction, project: Project, { legalName, address, taxId }: Changes): void {
  tx.send(
    `update seller set legal_name = case when $2 then $3 else legal_name end,
       address = case when $4 then $5::jsonb else address end, tax_id = case when $6 then $7 else tax_id end
     where project_id = $1`,
    [
      project.id,
      legalName !== undefined,
      legalName ?? null,
      address !== undefined,
      address ? JSON.stringify(address) : null,
      taxId !== undefined,
      taxId ?? null,
    ],
  )
}
