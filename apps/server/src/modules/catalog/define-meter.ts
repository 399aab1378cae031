import type { Aggregation } from '@florin/core'
import { canonicalJson } from '../../platform/command.ts'
import type { Database } from '../../platform/database.ts'
import { checkStorable, Fault, invalidInput } from '../../platform/errors.ts'
import type { Project } from '../accounts/viewer.ts'
import { checkCode } from './check-rate-card.ts'
import type { CatalogMeter, CatalogReader } from './read-catalog.ts'

export interface MeterInput {
  code: string
  name?: string | null | undefined
  eventName: string
  aggregation: Aggregation
  property?: string | null | undefined
  filters?: unknown
  groupBy?: readonly string[] | null | undefined
}

const MOST_GROUPS = 10

/**
 * Says what a meter should be. Its name may change, and what customers may group it by; what it measures may not, because
 * quantities that were counted in one way can't go on in another. Throws INVALID_INPUT, CONFLICT.
 */
export async function defineMeter(
  { database, catalog }: { database: Database; catalog: CatalogReader },
  project: Project,
  input: MeterInput,
): Promise<CatalogMeter> {
  const meter = check(input)
  const written = await database.query(
    `insert into meter (project_id, code, name, event_name, aggregation, property, filters, group_by)
     values ($1, $2, $3, $4, $5::aggregation, $6, $7, $8::text[])
     on conflict (project_id, code) do update set name = $3, group_by = $8::text[]
       where meter.event_name = $4 and meter.aggregation = $5::aggregation
         and meter.property is not distinct from $6 and meter.filters is not distinct from $7::jsonb
     returning 1`,
    [
      project.id,
      meter.code,
      meter.name,
      meter.eventName,
      meter.aggregation,
      meter.property,
      meter.filters,
      meter.groupBy,
    ],
  )
  if (written.length === 0) {
    throw new Fault(
      'CONFLICT',
      `the meter "${meter.code}" measures something else already: define another code`,
      'code',
    )
  }
  const defined = (await catalog.fresh(project.id)).meters.get(meter.code)
  if (!defined) throw new Error(`meter ${meter.code} is missing after it was defined`)
  return defined
}

function check(input: MeterInput) {
  for (const field of ['name', 'eventName', 'property', 'filters'] as const) checkStorable(input[field], field)
  if (!/^\S.{0,199}$/.test(input.eventName)) throw invalidInput('eventName', 'eventName is 1 to 200 characters')
  if (input.aggregation !== 'COUNT' && !input.property && input.property !== undefined) {
    throw invalidInput('property', 'name the property that is measured, or leave it out for "value"')
  }
  const property = input.aggregation === 'COUNT' ? (input.property ?? null) : (input.property ?? 'value')
  return {
    code: checkCode(input.code, 'code'),
    name: input.name ?? input.code,
    eventName: input.eventName,
    aggregation: input.aggregation,
    property,
    filters: input.filters == null ? null : canonicalJson(checkFilters(input.filters)),
    groupBy: checkGroupBy(input.groupBy ?? []),
  }
}

function checkGroupBy(properties: readonly string[]): string[] {
  const names = [...new Set(properties)]
  checkStorable(names, 'groupBy')
  if (names.length <= MOST_GROUPS && names.every((name) => /^\S.{0,199}$/.test(name))) return names
  throw invalidInput('groupBy', `groupBy is a list of at most ${MOST_GROUPS} names of properties, such as ["model"]`)
}

function checkFilters(filters: unknown): Record<string, unknown> {
  const isScalar = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value)
  const fine =
    typeof filters === 'object' &&
    !Array.isArray(filters) &&
    Object.values(filters as object).every((value) => (Array.isArray(value) ? value.every(isScalar) : isScalar(value)))
  if (fine) return filters as Record<string, unknown>
  throw invalidInput(
    'filters',
    'filters is an object of property to value, or to a list of values: { "model": ["a", "b"] }',
  )
}
