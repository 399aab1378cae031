import { invalidInput, notFound } from '../../platform/errors.ts'
import type { Project } from '../accounts/viewer.ts'
import type { LedgerDeps } from './create-wallet.ts'

const MOST_METERS = 100

/** The internal keys of the meters that a grant serves, each once. Throws NOT_FOUND, INVALID_INPUT. */
export async function findMeters(
  { catalog }: Pick<LedgerDeps, 'catalog'>,
  project: Project,
  codes: readonly string[],
  field = 'appliesTo',
): Promise<number[]> {
  if (codes.length === 0) return []
  if (codes.length > MOST_METERS) throw invalidInput(field, `${field} names at most ${MOST_METERS} meters`)
  const { meters } = await catalog.fresh(project.id)
  const pks = codes.map((code, index) => {
    const meter = meters.get(code)
    if (!meter) throw notFound('meter', code, `${field}.${index}`, 'define it with defineMeter')
    return meter.pk
  })
  return [...new Set(pks)]
}
