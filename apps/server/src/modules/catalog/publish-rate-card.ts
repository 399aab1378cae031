import type { RateCard } from '@florin/core'
import { inputHash } from '../../platform/command.ts'
import type { Database, Transaction } from '../../platform/database.ts'
import { invalidInput } from '../../platform/errors.ts'
import type { Project } from '../accounts/viewer.ts'
import { checkRateCard, type RateCardInput } from './check-rate-card.ts'
import type { Catalog, CatalogReader, MigrationMode, PublishedCard } from './read-catalog.ts'
import { storeRateCard } from './read-rate-card.ts'

export interface PublishInput extends RateCardInput {
  migrate?: MigrationMode | null | undefined
}

interface PublishDeps {
  readonly database: Database
  readonly catalog: CatalogReader
  /** Moves the subscribers of older versions that move NOW; told by composition, since subscriptions stand above. */
  moveSubscribers(project: Project): Promise<void>
}

/**
 * Says what a card should be. Saying it again changes nothing; saying something else makes the next version, to which
 * subscribers of older ones move AT_RENEWAL, NOW or NEVER. Throws INVALID_INPUT or NOT_FOUND with the field.
 */
export async function publishRateCard(
  deps: PublishDeps,
  project: Project,
  input: PublishInput,
): Promise<PublishedCard> {
  const { database, catalog } = deps
  const { card, migrate } = checkVersion(input, await catalog.fresh(project.id))
  await database.transaction((tx) => writeVersion(tx, project, card, migrate))
  const current = (await catalog.fresh(project.id)).cards.get(card.code)
  if (!current) throw new Error(`card ${card.code} is missing after it was published`)
  if (current.migrate === 'NOW') await deps.moveSubscribers(project)
  return current
}

/** A card as the next version of its code. Throws INVALID_INPUT where subscribers of the older one could not move to it. */
export function checkVersion(
  input: PublishInput,
  catalog: Catalog,
): { card: RateCard; migrate: MigrationMode; isNew: boolean } {
  const card = checkRateCard(input, catalog)
  const migrate = input.migrate ?? 'AT_RENEWAL'
  const newest = catalog.cards.get(card.code)?.card
  if (newest && newest.currency !== card.currency) {
    throw invalidInput(
      'currency',
      `the card "${card.code}" is in ${newest.currency}, and so are its subscribers: publish another code for ${card.currency}`,
    )
  }
  const versions = [...catalog.versionsByPk.values()].filter((version) => version.card.code === card.code)
  if (migrate === 'NOW' && versions.some((version) => version.card.interval !== card.interval)) {
    throw invalidInput(
      'migrate',
      `the card "${card.code}" has had another interval, which can't change within a period: move its subscribers AT_RENEWAL or NEVER, or publish another code`,
    )
  }
  const isNew = !newest || inputHash(storeRateCard(newest)) !== inputHash(storeRateCard(card))
  return { card, migrate, isNew }
}

async function writeVersion(tx: Transaction, project: Project, card: RateCard, migrate: MigrationMode): Promise<void> {
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
    `insert into rate_card_version (project_id, code, version, content, hash, migrate) values ($1, $2, $3, $4, $5, $6)`,
    [project.id, card.code, (newest?.version ?? 0) + 1, JSON.stringify(content), hash, migrate],
  )
}

/** A rate without a credit type draws on a pool of the meter's own, named by its code. */
async function defineOwnPool(tx: Transaction, project: Project, code: string, name: string): Promise<void> {
  await tx.query(
    `insert into credit_type (project_id, code, name) values ($1, $2, $3) on conflict (project_id, code) do nothing`,
    [project.id, code, name],
  )
}
