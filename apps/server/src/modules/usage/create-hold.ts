import { formatAmount } from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import { checkKey, inputHash, keyConflict } from '../../platform/command.ts'
import { invalidInput, notFound } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import type { Project } from '../accounts/viewer.ts'
import { checkProperties, checkQuantity } from './check-event.ts'
import { findMeter, type UsageDeps } from './consume.ts'
import type { FindHold } from './find-hold.ts'
import type { HoldSnapshot, SpendAnswer, StoredDecision } from './spend-request.ts'

export interface HoldDeps extends UsageDeps {
  readonly findHold: FindHold
}

export interface CreateHoldInput {
  customerId: string
  meter: string
  quantity: unknown
  properties?: unknown
  ttlSeconds?: number | null | undefined
  idempotencyKey: string
}

/** The decision, and the hold as it stands after it; null where there is none. */
export interface HoldAnswer {
  readonly decision: StoredDecision
  readonly hold: HoldSnapshot | null
}

const LONGEST_S = 86_400
const USUAL_S = 900

/**
 * Reserves credits for usage that is about to happen: out of the balance at once, or not at all. A retry with the same key
 * gets the first answer, also a refusal. Throws NOT_FOUND, INVALID_INPUT, IDEMPOTENCY_CONFLICT.
 */
export async function createHold(deps: HoldDeps, project: Project, input: CreateHoldInput): Promise<HoldAnswer> {
  const key = checkKey(input.idempotencyKey)
  const quantity = checkQuantity(input.quantity)
  const properties = checkProperties(input.properties)
  const ttlSeconds = checkTtl(input.ttlSeconds)
  const customerPk = await deps.customerKey(project, input.customerId)
  if (customerPk === null) throw notFound('customer', input.customerId, 'customerId', 'create it with upsertCustomer')
  const { catalog, meter } = await findMeter(deps.catalog, project, input.meter)
  if (meter.aggregation !== 'SUM' && meter.aggregation !== 'COUNT') {
    throw invalidInput(
      'meter',
      `a hold reserves quantities that add up, and "${meter.code}" is ${meter.aggregation}: use consume`,
    )
  }
  const now = nowOf(project)
  const id = newId()
  const [answer] = await deps.spendUsage([
    {
      operation: 'createHold',
      projectId: project.id,
      customerPk,
      customerId: input.customerId,
      key,
      inputHash: inputHash({ meter: meter.code, quantity: formatAmount(quantity), properties, ttlSeconds }),
      catalog,
      feeds: [{ meter, quantity, value: null, digest: null, field: 'quantity' }],
      eventName: meter.eventName,
      properties,
      timestamp: now,
      now,
      hold: { id, ttlMs: ttlSeconds * 1_000 },
    },
  ])
  const { decision, hold } = holdAnswer(answer, key)
  const facts = { projectId: project.id, customerPk, customerId: input.customerId, meterPk: meter.pk, properties }
  if (hold) deps.findHold.remember({ ...facts, id: hold.id })
  return { decision, hold }
}

function checkTtl(ttlSeconds: number | null | undefined): number {
  const ttl = ttlSeconds ?? USUAL_S
  if (ttl >= 1 && ttl <= LONGEST_S) return ttl
  throw invalidInput(
    'ttlSeconds',
    `ttlSeconds must be between 1 and ${LONGEST_S}: extendHold moves the end of a longer stream`,
  )
}

/** What a key of createHold or extendHold was answered. Throws INVALID_INPUT, IDEMPOTENCY_CONFLICT. */
export function holdAnswer(answer: SpendAnswer | undefined, key: string): HoldAnswer {
  if (answer?.status === 'CONFLICT') throw keyConflict(key)
  if (answer?.status === 'INVALID') throw invalidInput(answer.field, answer.message)
  if (answer?.status !== 'RECORDED' && answer?.status !== 'REFUSED') throw new Error('a hold got no answer')
  const { decision, hold } = answer.result
  if (!decision) throw new Error('a hold was stored without its decision')
  return { decision, hold: hold ?? null }
}
