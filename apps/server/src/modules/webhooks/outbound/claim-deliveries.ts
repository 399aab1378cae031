import { realNow } from '../../../platform/clock.ts'
import { arrayOf, type Transaction } from '../../../platform/database.ts'
import type { Project } from '../../accounts/viewer.ts'
import type { WebhookDeps } from './deps.ts'
import type { StoredSecret } from './read-webhook-endpoints.ts'

/** An attempt that has been begun, and what it needs. */
export interface ClaimedDelivery {
  readonly pk: number
  /** The attempt's number, from 1: who ends it says so. */
  readonly attempt: number
  readonly endpointId: string
  readonly url: string
  readonly secrets: readonly StoredSecret[]
  readonly mode: Project['mode']
  readonly eventId: string
  readonly type: string
  readonly sequence: number | null
  readonly data: unknown
  /** In the project's time, epoch milliseconds. */
  readonly occurredAt: number
}

/** After so long an attempt is given up for dead, and another is made. Longer than the longest one lives. */
const LEASE_MS = 60_000

const LANES = 4
/** Of an endpoint that has been failing: one that hangs must not take what others need. */
const LANES_WHILE_FAILING = 1

/**
 * Begins attempts that are due: of each endpoint no more than its lanes have room for, counting `running` ones, and of
 * endpoints that work first. Workers pass over each other's claims, and the claim of one that died runs out.
 */
export async function claimDeliveries(
  { database }: Pick<WebhookDeps, 'database'>,
  running: ReadonlyMap<string, number>,
  limit: number,
): Promise<ClaimedDelivery[]> {
  const now = realNow()
  return database.query<ClaimedDelivery>(
    `with busy as (select * from unnest($3::uuid[], $4::int[]) as b(endpoint_id, attempts)),
     due as (
       select d.pk from webhook_endpoint e left join busy b on b.endpoint_id = e.id
       cross join lateral (
         select d.pk from webhook_delivery d
         where d.endpoint_id = e.id and d.status = 'PENDING' and d.next_attempt_at <= $1
         order by d.next_attempt_at, d.pk
         limit greatest(0, case when e.failing_since is null then ${LANES} else ${LANES_WHILE_FAILING} end
           - coalesce(b.attempts, 0))
         for update skip locked) d
       where e.disabled_at is null order by e.failing_since nulls first limit $5),
     ${BEGIN}`,
    [new Date(now), new Date(now + LEASE_MS), arrayOf([...running.keys()]), arrayOf([...running.values()]), limit],
  )
}

/** Begins an attempt of one delivery, due or not. */
export async function claimDelivery(tx: Transaction, pk: number): Promise<ClaimedDelivery> {
  const [claimed] = await tx.query<ClaimedDelivery>(
    `with due as (select pk from webhook_delivery where pk = $1 and status = 'PENDING' for update), ${BEGIN}`,
    [pk, new Date(realNow() + LEASE_MS)],
  )
  if (!claimed) throw new Error(`delivery ${pk} can't be attempted`)
  return claimed
}

const BEGIN = `claimed as (
    update webhook_delivery d set attempts = attempts + 1, next_attempt_at = $2 from due where d.pk = due.pk
    returning d.pk, d.attempts, d.endpoint_id, d.event_id)
  select c.pk, c.attempts as attempt, e.id as "endpointId", e.url, e.secrets, p.mode::text, o.id as "eventId", o.type,
    o.sequence, o.data, o.occurred_at as "occurredAt"
  from claimed c join webhook_endpoint e on e.id = c.endpoint_id join outbound_event o on o.id = c.event_id
  join project p on p.id = e.project_id order by c.pk`
