import type { Meter, RateCard, UsageRate } from '@florin/core'
import { LRUCache } from 'lru-cache'
import type { Database } from '../../platform/database.ts'
import { parseRateCard, type StoredCard } from './read-rate-card.ts'

/** A meter as defined, with its internal key. */
export interface CatalogMeter extends Meter {
  readonly pk: number
  readonly code: string
  readonly name: string
  /** Properties of its events by which a customer may group their usage; others are the backend's business. */
  readonly groupBy: readonly string[]
}

export interface CatalogCreditType {
  readonly pk: number
  readonly code: string
  readonly name: string
  /** Decimals to show. */
  readonly precision: number
}

/** A published version, with its usage rates resolved to internal keys. Immutable. */
export interface PublishedCard {
  readonly pk: number
  readonly card: RateCard
  readonly ratesByMeter: ReadonlyMap<number, UsageRate>
  /** What its publication means for subscribers of older versions. */
  readonly migrate: MigrationMode
}

export type MigrationMode = 'AT_RENEWAL' | 'NOW' | 'NEVER'

/** Everything a project has published, in memory. */
export interface Catalog {
  readonly meters: ReadonlyMap<string, CatalogMeter>
  readonly metersByPk: ReadonlyMap<number, CatalogMeter>
  readonly metersByEvent: ReadonlyMap<string, readonly CatalogMeter[]>
  readonly creditTypes: ReadonlyMap<string, CatalogCreditType>
  readonly creditTypesByPk: ReadonlyMap<number, CatalogCreditType>
  /** The newest version of each card. */
  readonly cards: ReadonlyMap<string, PublishedCard>
  readonly versionsByPk: ReadonlyMap<number, PublishedCard>
}

/** Reads a project's catalogue. What this process publishes it sees at once; another's within two seconds, or when it
 * asks again with `fresh` because a name or key was not found. */
export interface CatalogReader {
  read(projectId: string): Promise<Catalog>
  fresh(projectId: string): Promise<Catalog>
  forget(projectId: string): void
}

interface VersionRow {
  pk: number
  code: string
  version: number
  content: StoredCard
  migrate: MigrationMode
}

/** The newest version that moves subscribers of this one by their next renewal; the card itself if none does. */
export function successorOf({ versionsByPk }: Catalog, { pk, card, ...rest }: PublishedCard): PublishedCard {
  let successor: PublishedCard = { pk, card, ...rest }
  for (const version of versionsByPk.values()) {
    const newer = version.card.code === card.code && version.card.version > successor.card.version
    if (newer && version.migrate !== 'NEVER') successor = version
  }
  return successor
}

const BELIEVED_MS = 2_000

export function createCatalogReader(database: Database): CatalogReader {
  const cache = new LRUCache<string, Promise<Catalog>>({ max: 1_000, ttl: BELIEVED_MS })
  const load = (projectId: string) => {
    const catalog = loadCatalog(database, projectId)
    cache.set(projectId, catalog)
    catalog.catch(() => cache.delete(projectId))
    return catalog
  }
  return {
    read: (projectId) => cache.get(projectId) ?? load(projectId),
    fresh: load,
    forget: (projectId) => void cache.delete(projectId),
  }
}

async function loadCatalog(database: Database, projectId: string): Promise<Catalog> {
  return database.snapshot(async (tx) => {
    const [meters, creditTypes, versions] = await Promise.all([
      tx.query<CatalogMeter>(
        `select pk, code, name, event_name as "eventName", aggregation::text, property, coalesce(filters, '{}') as filters,
           coalesce(group_by, '{}') as "groupBy"
         from meter where project_id = $1 order by code`,
        [projectId],
      ),
      tx.query<CatalogCreditType>(
        `select pk, code, name, precision from credit_type where project_id = $1 order by code`,
        [projectId],
      ),
      tx.query<VersionRow>(
        `select pk, code, version, content, migrate from rate_card_version where project_id = $1 order by pk`,
        [projectId],
      ),
    ])
    return index(meters, creditTypes, versions)
  })
}

function index(
  meters: readonly CatalogMeter[],
  creditTypes: readonly CatalogCreditType[],
  versions: readonly VersionRow[],
): Catalog {
  const metersByCode = new Map(meters.map((meter) => [meter.code, meter]))
  const typesByCode = new Map(creditTypes.map((type) => [type.code, type]))
  const published = versions.map(({ pk, code, version, content, migrate }) => {
    const card = parseRateCard(code, version, content)
    return { pk, card, migrate, ratesByMeter: resolveRates(card, metersByCode, typesByCode) }
  })
  return {
    meters: metersByCode,
    metersByPk: new Map(meters.map((meter) => [meter.pk, meter])),
    metersByEvent: groupByEvent(meters),
    creditTypes: typesByCode,
    creditTypesByPk: new Map(creditTypes.map((type) => [type.pk, type])),
    cards: new Map(published.map((version) => [version.card.code, version])),
    versionsByPk: new Map(published.map((version) => [version.pk, version])),
  }
}

function groupByEvent(meters: readonly CatalogMeter[]): Map<string, CatalogMeter[]> {
  const groups = new Map<string, CatalogMeter[]>()
  for (const meter of meters) groups.set(meter.eventName, [...(groups.get(meter.eventName) ?? []), meter])
  return groups
}

function resolveRates(
  card: RateCard,
  meters: ReadonlyMap<string, CatalogMeter>,
  creditTypes: ReadonlyMap<string, CatalogCreditType>,
): Map<number, UsageRate> {
  return new Map(
    card.usageRates.map((rate) => {
      const meter = meters.get(rate.meter)?.pk
      const creditType = creditTypes.get(rate.creditType)?.pk
      if (meter === undefined || creditType === undefined)
        throw new Error(`card ${card.code} names what is not defined`)
      return [meter, { code: rate.code, meter, creditType, creditCost: rate.creditCost, overage: rate.overage }]
    }),
  )
}
