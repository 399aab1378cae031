import { notFound } from '../../platform/errors.ts'
import type { Project } from '../accounts/viewer.ts'
import type { LedgerDeps } from './create-wallet.ts'

/** The internal keys of the meters that a grant serves. Throws NOT_FOUND. */
export async function findMeters(
  { catalog }: Pick<LedgerDeps, 'catalog'>,
  project: Project,
  codes: readonly string[],
  field = 'appliesTo',
): Promise<number[]> {
  if (codes.length === 0) return []
  const { meters } = await catalog.fresh(project.id)
  return codes.map((code, index) => {
    const meter = meters.get(code)
    if (!meter) throw notFound('meter', code, `${field}.${index}`, 'define it with defineMeter')
    return meter.pk
  })
}
