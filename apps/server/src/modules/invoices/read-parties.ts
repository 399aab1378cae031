import type { Address } from '@florin/core'

/** Who an invoice is from, or for: kept with it as JSON when it is issued, and never changed. */
export interface InvoiceParty {
  readonly name: string
  readonly email: string | null
  readonly address: Address | null
  readonly taxId: string | null
}

// SQL and not a read beforehand: an invoice is written in one statement, and one of before it kept its parties reads
// what is known now by the same words.

/** SQL: the seller of a project's invoices as they are known now. */
export const SELLER_NOW = (projectId: string): string => `
  select jsonb_build_object('name', coalesce(s.legal_name, b.name, p.name), 'email', b.support_email,
    'address', s.address, 'taxId', s.tax_id)
  from project p left join brand b on b.project_id = p.id left join seller s on s.project_id = p.id
  where p.id = ${projectId}`

/** SQL: the customer as the buyer. Whoever never said a name is called by what is known of them. */
export const BUYER_NOW = (customerPk: string): string => `
  select jsonb_build_object('name', coalesce(nullif(trim(c.name), ''), c.email, c.id), 'email', c.email,
    'address', c.address, 'taxId', c.tax_id)
  from customer c where c.pk = ${customerPk}`
