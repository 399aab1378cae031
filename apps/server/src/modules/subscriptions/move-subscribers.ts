import { allowanceDifference, fixedTotal } from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import { inLanes } from '../../platform/lanes.ts'
import { PROJECT_COLUMNS, type ProjectRow, toProject } from '../accounts/read-project.ts'
import type { Project } from '../accounts/viewer.ts'
import type { Catalog, PublishedCard } from '../catalog/read-catalog.ts'
import { type AccountSession, withAccount } from '../ledger/with-account.ts'
import { announceSubscription } from './announce-subscription.ts'
import type { SubscriptionDeps } from './deps.ts'
import { grantAllowances } from './grant-allowances.ts'
import { readPeriodSoFar } from './read-subscription-grants.ts'
import { readLiveSubscription, type Subscription } from './read-subscriptions.ts'
import { renewOverdue } from './settle-due-subscriptions.ts'

const BATCH = 200
const AT_ONCE = 4

/**
 * Moves subscribers of older versions to versions that were published to move them NOW: the difference of allowances is
 * granted, money changes with the next invoice. What is to be moved is read from the subscriptions themselves, so this ends
 * in the same place however often it is cut off or repeated.
 */
export async function moveSubscribers(deps: SubscriptionDeps, only?: Project): Promise<void> {
  for (let last: string | null = null; ; ) {
    const found: Behind[] = await readBehind(deps, only ?? null, last)
    await inLanes(found, AT_ONCE, (behind) => moveSubscriber(deps, behind))
    last = found.at(-1)?.subscription_id ?? null
    if (found.length < BATCH) return
  }
}

type Behind = ProjectRow & { customer_pk: number; subscription_id: string }

async function readBehind(
  { database }: SubscriptionDeps,
  only: Project | null,
  after: string | null,
): Promise<Behind[]> {
  return database.query<Behind>(
    `select ${PROJECT_COLUMNS}, s.customer_pk, s.id as subscription_id
     from rate_card_version v join subscription s on s.rate_card_version_pk = v.pk join project p on p.id = v.project_id
     where s.status <> 'CANCELED' and ($1::uuid is null or p.id = $1) and ($2::uuid is null or s.id > $2)
       and exists (select 1 from rate_card_version n where n.project_id = v.project_id and n.code = v.code
         and n.version > v.version and n.migrate = 'NOW')
     order by s.id limit ${BATCH}`,
    [only?.id ?? null, after],
  )
}

async function moveSubscriber(deps: SubscriptionDeps, behind: Behind): Promise<void> {
  const project = toProject(behind)
  const customerPk = behind.customer_pk
  await renewOverdue(deps, project.id, customerPk)
  const catalog = await deps.catalog.read(project.id)
  const { version } = await deps.database.transaction((tx) =>
    withAccount(tx, customerPk, nowOf(project), async (session) => {
      const subscription = await readLiveSubscription(tx, customerPk, behind.subscription_id)
      const from = subscription && catalog.versionsByPk.get(subscription.cardPk)
      const to = from && newestNow(catalog, from)
      if (subscription && from && to) await move(tx, session, catalog, subscription, { from, to }, nowOf(project))
    }),
  )
  deps.pubsub.publish([{ key: customerPk, version }])
}

function newestNow({ versionsByPk }: Catalog, { card }: PublishedCard): PublishedCard | undefined {
  return [...versionsByPk.values()].findLast(
    (version) => version.card.code === card.code && version.card.version > card.version && version.migrate === 'NOW',
  )
}

async function move(
  tx: Transaction,
  session: AccountSession,
  catalog: Catalog,
  subscription: Subscription,
  { from, to }: { from: PublishedCard; to: PublishedCard },
  now: number,
): Promise<void> {
  session.touch()
  await tx.query(`update subscription set rate_card_version_pk = $2 where id = $1`, [subscription.id, to.pk])
  const previousRateCardVersion = from.card.version
  announceSubscription(tx, 'subscription.changed', subscription, to, now, { previousRateCardVersion })
  const { quantities, status, openInvoiceId } = subscription
  // Nothing is granted while it rests, or before a period is paid that is paid in advance: all of it comes then.
  const unpaid = openInvoiceId !== null && fixedTotal(from.card, quantities).minor > 0n
  if (status === 'PAUSED' || unpaid) return
  const { allowance } = await readPeriodSoFar(tx, session.account, catalog, subscription, from.card.currency, now)
  const difference = allowanceDifference({
    from: { card: from.card, quantities },
    to: { card: to.card, quantities },
    allowance,
  })
  await grantAllowances(tx, session, catalog, subscription, difference, `${to.card.name} was changed`)
}
