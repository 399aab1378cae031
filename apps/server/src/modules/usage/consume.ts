import { formatAmount } from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import { checkKey, inputHash, keyConflict } from '../../platform/command.ts'
import { Fault, invalidInput, notFound } from '../../platform/errors.ts'
import type { ReadCustomerKey } from '../accounts/read-customer-key.ts'
import type { Project } from '../accounts/viewer.ts'
import type { CatalogReader } from '../catalog/read-catalog.ts'
import { checkAgreement, checkProperties, checkQuantity, propertyFeed } from './check-event.ts'
import { type RecordedUsage, toRecordedUsage } from './recorded-usage.ts'
import type { StoredDecision } from './spend-request.ts'
import type { SpendUsage } from './spend-usage.ts'

export interface ConsumeInput {
  customerId: string
  meter: string
  quantity?: unknown
  properties?: unknown
  idempotencyKey: string
}

/** The decision, and what was recorded: null when it was refused. */
export interface Consumed {
  readonly decision: StoredDecision
  readonly usage: RecordedUsage | null
}

export interface UsageDeps {
  readonly catalog: CatalogReader
  readonly customerKey: ReadCustomerKey
  readonly spendUsage: SpendUsage
}

/**
 * Decides and spends in one atomic step: the whole quantity, or nothing. A retry with the same key gets the first
 * answer, also a refusal. Throws NOT_FOUND, INVALID_INPUT, IDEMPOTENCY_CONFLICT.
 */
export async function consume(deps: UsageDeps, project: Project, input: ConsumeInput): Promise<Consumed> {
  const key = checkKey(input.idempotencyKey)
  const quantity = checkQuantity(input.quantity)
  const properties = checkProperties(input.properties)
  const customerPk = await deps.customerKey(project, input.customerId)
  if (customerPk === null) throw notFound('customer', input.customerId, 'customerId', 'create it with upsertCustomer')
  const { catalog, meter } = await findMeter(deps.catalog, project, input.meter)
  checkAgreement(meter, quantity, properties)
  const now = nowOf(project)
  const [answer] = await deps.spendUsage([
    {
      operation: 'consume',
      projectId: project.id,
      customerPk,
      customerId: input.customerId,
      key,
      inputHash: inputHash({ meter: meter.code, quantity: formatAmount(quantity), properties }),
      catalog,
      // What a UNIQUE meter counts is a value, not how many.
      feeds: [
        meter.aggregation === 'UNIQUE'
          ? propertyFeed(meter, properties)
          : { meter, quantity, value: null, digest: null, field: 'quantity' },
      ],
      eventName: meter.eventName,
      properties,
      timestamp: now,
      now,
    },
  ])
  if (answer?.status === 'CONFLICT') throw keyConflict(key)
  if (answer?.status === 'INVALID') throw invalidInput(answer.field, answer.message)
  if (!answer || answer.status === 'SETTLED') throw new Error('a consume got no answer')
  const { decision } = answer.result
  if (!decision) throw new Error('a consume was stored without its decision')
  return { decision, usage: answer.status === 'REFUSED' ? null : toRecordedUsage(key, answer) }
}

/** The meter of the project's catalogue, looked up again before it is said to be missing. Throws NOT_FOUND. */
export async function findMeter(reader: CatalogReader, project: Project, code: string) {
  for (const read of [reader.read, reader.fresh]) {
    const catalog = await read(project.id)
    const meter = catalog.meters.get(code)
    if (meter) return { catalog, meter }
  }
  throw new Fault('NOT_FOUND', `there is no meter "${code}" in this project: define it with defineMeter`, 'meter')
}
