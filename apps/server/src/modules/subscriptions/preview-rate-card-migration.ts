import { addMoney, allowancesOf, fixedTotal, formatAmount, type Money, type RateCard, zeroMoney } from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import type { Project } from '../accounts/viewer.ts'
import { checkVersion, type PublishInput } from '../catalog/publish-rate-card.ts'
import type { Catalog, MigrationMode } from '../catalog/read-catalog.ts'
import type { SubscriptionDeps } from './deps.ts'
import type { Subscription } from './read-subscriptions.ts'

/** Who would move to a card if it were published, and by how much their periods would change. Prices without tax. */
export interface MigrationPreview {
  readonly card: RateCard
  readonly migrate: MigrationMode
  readonly subscribers: number
  /** The fixed rates of one period of all of them. */
  readonly before: Money
  readonly after: Money
  readonly moves: readonly Move[]
}

export interface Move {
  readonly subscriptionId: string
  readonly customerId: string
  readonly fromVersion: number
  /** Epoch milliseconds; null: with the end of a pause that nobody has set. */
  readonly effectiveAt: number | null
  readonly before: Money
  readonly after: Money
  readonly allowances: readonly { readonly creditType: string; readonly before: string; readonly after: string }[]
}

/** Whom AT_RENEWAL and NOW leave alone: what ends with its period, or waits for another card, has no renewal of this one. */
const AFFECTED: Readonly<Record<MigrationMode, string>> = {
  AT_RENEWAL: 'not s.cancel_at_period_end and s.pending_card_pk is null',
  NOW: 'true',
  NEVER: 'false',
}

/**
 * What publishing a card would do to the subscribers of its older versions, without publishing it. Throws INVALID_INPUT or
 * NOT_FOUND with the field, as publishing would.
 *
 * @param page how many of them to name, and after which subscription.
 */
export async function previewRateCardMigration(
  { database, catalog }: Pick<SubscriptionDeps, 'database' | 'catalog'>,
  project: Project,
  input: PublishInput,
  page: { take: number; after: string | null },
): Promise<MigrationPreview> {
  const known = await catalog.fresh(project.id)
  const { card, migrate, isNew } = checkVersion(input, known)
  const where = `from subscription s join customer c on c.pk = s.customer_pk
    join rate_card_version v on v.pk = s.rate_card_version_pk
    where v.project_id = $1 and v.code = $2 and s.status <> 'CANCELED' and ${isNew ? AFFECTED[migrate] : 'false'}`
  const version = (known.cards.get(card.code)?.card.version ?? 0) + (isNew ? 1 : 0)
  return database.snapshot(async (tx) => {
    const groups = await tx.query<Pick<Subscription, 'cardPk' | 'quantities'> & { count: number }>(
      `select s.rate_card_version_pk as "cardPk", s.quantities, count(*) as count ${where} group by 1, 2`,
      [project.id, card.code],
    )
    const rows = await tx.query<Row>(
      `select s.id, c.id as "customerId", s.rate_card_version_pk as "cardPk", s.quantities, s.status::text,
         s.current_period_end as "currentPeriodEnd", s.resumes_at as "resumesAt" ${where}
         and ($3::uuid is null or s.id > $3) order by s.id limit $4`,
      [project.id, card.code, page.after, page.take],
    )
    return {
      card: { ...card, version },
      migrate,
      ...sumOf(known, card, groups),
      moves: rows.map((row) => moveOf(known, card, migrate, row, nowOf(project))),
    }
  })
}

type Row = Pick<Subscription, 'id' | 'cardPk' | 'quantities' | 'status' | 'currentPeriodEnd' | 'resumesAt'> & {
  customerId: string
}

function sumOf(
  { versionsByPk }: Catalog,
  card: RateCard,
  groups: readonly (Pick<Subscription, 'cardPk' | 'quantities'> & { count: number })[],
): Pick<MigrationPreview, 'subscribers' | 'before' | 'after'> {
  const times = ({ minor, currency }: Money, count: number) => ({ minor: minor * BigInt(count), currency })
  const none = { subscribers: 0, before: zeroMoney(card.currency), after: zeroMoney(card.currency) }
  return groups.reduce(({ subscribers, before, after }, { cardPk, quantities, count }) => {
    const from = versionsByPk.get(cardPk)?.card ?? card
    return {
      subscribers: subscribers + count,
      before: addMoney(before, times(fixedTotal(from, quantities), count)),
      after: addMoney(after, times(fixedTotal(card, quantities), count)),
    }
  }, none)
}

function moveOf({ versionsByPk }: Catalog, card: RateCard, migrate: MigrationMode, row: Row, now: number): Move {
  const from = versionsByPk.get(row.cardPk)?.card ?? card
  const [had, has] = [allowancesOf(from, row.quantities), allowancesOf(card, row.quantities)]
  const renewsAt = row.status === 'PAUSED' ? row.resumesAt : row.currentPeriodEnd
  return {
    subscriptionId: row.id,
    customerId: row.customerId,
    fromVersion: from.version,
    effectiveAt: migrate === 'NOW' ? now : renewsAt,
    before: fixedTotal(from, row.quantities),
    after: fixedTotal(card, row.quantities),
    allowances: [...new Set([...had.keys(), ...has.keys()])].map((creditType) => ({
      creditType,
      before: formatAmount(had.get(creditType) ?? 0n),
      after: formatAmount(has.get(creditType) ?? 0n),
    })),
  }
}
