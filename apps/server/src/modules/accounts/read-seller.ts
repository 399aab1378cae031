import type { Address } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import type { Project } from './viewer.ts'

/** Who a project's invoices are from. */
export interface Seller {
  /** The brand's name unless set. */
  readonly legalName: string
  readonly address: Address | null
  readonly taxId: string | null
}

export async function readSeller(tx: Pick<Transaction, 'query'>, project: Pick<Project, 'id'>): Promise<Seller> {
  const [seller] = await tx.query<Seller>(
    `select coalesce(s.legal_name, b.name, p.name) as "legalName", s.address, s.tax_id as "taxId"
     from project p left join brand b on b.project_id = p.id left join seller s on s.project_id = p.id where p.id = $1`,
    [project.id],
  )
  if (!seller) throw new Error(`project ${project.id} is missing`)
  return seller
}
