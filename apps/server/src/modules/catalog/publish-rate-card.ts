import type { RateCard } from '@florin/core'
import { inputHash } from '../../platform/command.ts'
import type { Database, Transaction } from '../../platform/database.ts'
import type { Project } from '../accounts/viewer.ts'
import { checkRateCard, type RateCardInput } from './check-rate-card.ts'
import type { CatalogReader, PublishedCard } from './read-catalog.ts'
import { storeRateCard } from './read-rate-card.ts'

/**
 * Says what a card should be. Saying it again changes nothing; saying something else makes the next version.
 * Throws INVALID_INPUT or NOT_FOUND with the field.
 */
export async function publishRateCard(
  { database, catalog }: { database: Database; catalog: CatalogReader },
  project: Project,
  input: RateCardInput,
): Promise<PublishedCard> {
  const card = checkRateCard(input, await catalog.fresh(project.id))
  await database.transaction((tx) => writeVersion(tx, project, card))
  const current = (await catalog.fresh(project.id)).cards.get(card.code)
  if (!current) throw new Error(`card ${card.code} is missing after it was published`)
  return current
}

async function writeVersion(tx: Transaction, project: Project, card: RateCard): Promise<void> {
  const content = storeRateCard(card)
  const hash = inputHash(content)
  // One publisher of a project at a time: two that say the same make one version.
  await tx.query(`select 1 from project where id = $1 for update`, [project.id])
  const [newest] = await tx.query<{ version: number; hash: string }>(
    `select version, hash from rate_card_version where project_id = $1 and code = $2 order by version desc limit 1`,
    [project.id, card.code],
  )
  if (newest?.hash === hash) return
  for (const { meter, creditType, name } of card.usageRates) {
    if (creditType === meter) await defineOwnPool(tx, project, meter, name)
  }
  await tx.query(
    `insert into rate_card_version (project_id, code, version, content, hash) values ($1, $2, $3, $4, $5)`,
    [project.id, card.code, (newest?.version ?? 0) + 1, JSON.stringify(content), hash],
  )
}

/** A rate without a credit type draws on a pool of the meter's own, named by its code. */
async function defineOwnPool(tx: Transaction, project: Project, code: string, name: string): Promise<void> {
  await tx.query(
    `insert into credit_type (project_id, code, name) values ($1, $2, $3) on conflict (project_id, code) do nothing`,
    [project.id, code, name],
  )
}
