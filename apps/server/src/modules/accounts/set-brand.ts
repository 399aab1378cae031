import type { Database, Transaction } from '../../platform/database.ts'
import { type BrandInput, type BrandTexts, checkBrand } from './check-brand.ts'
import { type CheckedLogo, checkLogo } from './check-logo.ts'
import { type Brand, readBrand } from './read-brand.ts'
import type { Project } from './viewer.ts'

/** Changes how pages, invoices and mails look: what the input leaves out stays, null removes. Throws INVALID_INPUT. */
export async function setBrand(
  { database }: { database: Database },
  project: Project,
  input: BrandInput,
): Promise<Brand> {
  const texts = checkBrand(project, input)
  const logo = input.logo == null ? input.logo : checkLogo(input.logo)
  return database.transaction(async (tx) => {
    await tx.query(`insert into brand (project_id) values ($1) on conflict do nothing`, [project.id])
    await tx.query(`select 1 from brand where project_id = $1 for update`, [project.id])
    await writeTexts(tx, project, texts)
    if (logo !== undefined) await writeLogo(tx, project, logo)
    return readBrand(tx, project)
  })
}

async function writeTexts(tx: Transaction, project: Project, texts: Partial<BrandTexts>): Promise<void> {
  const column = (position: number, name: string) =>
    `${name} = case when $2::jsonb ? $${position} then $2::jsonb ->> $${position} else ${name} end`
  await tx.query(
    `update brand set ${Object.values(COLUMNS)
      .map((name, index) => column(index + 3, name))
      .join(', ')} where project_id = $1`,
    [project.id, JSON.stringify(texts), ...Object.keys(COLUMNS)],
  )
}

const COLUMNS: Readonly<Record<keyof BrandTexts, string>> = {
  name: 'name',
  color: 'color',
  termsUrl: 'terms_url',
  privacyUrl: 'privacy_url',
  supportUrl: 'support_url',
  supportEmail: 'support_email',
}

/** Mails that were sent show the logo of their day. */
const LOGOS_KEPT = 10

async function writeLogo(tx: Transaction, { id }: Project, logo: CheckedLogo | null): Promise<void> {
  if (logo) {
    await tx.query(
      `insert into brand_logo (project_id, hash, type, width, height, bytes) values ($1, $2, $3, $4, $5, $6)
       on conflict (project_id, hash) do update set created_at = now()`,
      [id, logo.hash, logo.type, logo.width, logo.height, logo.bytes],
    )
  }
  await tx.query(`update brand set logo_hash = $2 where project_id = $1`, [id, logo?.hash ?? null])
  await tx.query(
    `delete from brand_logo l where l.project_id = $1 and l.hash not in
       (select hash from brand_logo where project_id = $1 order by created_at desc, hash limit ${LOGOS_KEPT})`,
    [id],
  )
}
