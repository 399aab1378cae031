import { nowOf } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import { findCustomer } from '../accounts/read-customer.ts'
import type { Project } from '../accounts/viewer.ts'
import { offerOf } from '../catalog/find-bundle.ts'
import type { CatalogReader } from '../catalog/read-catalog.ts'
import { readAutoTopUps } from './read-auto-top-ups.ts'
import { readTopUpMonth, type TopUpMonth } from './read-top-up-month.ts'

export interface TopUpMonthOfType extends TopUpMonth {
  readonly creditType: string
  readonly currency: string
}

/** What the limits of each of a customer's switches count now. Throws NOT_FOUND. */
export async function readTopUpMonths(
  { database, catalog }: { database: Database; catalog: CatalogReader },
  project: Project,
  customerId: string,
): Promise<TopUpMonthOfType[]> {
  const { pk } = await findCustomer(database, project, customerId)
  const at = nowOf(project)
  const topUps = (await readAutoTopUps(database, [pk])).get(pk) ?? []
  const { versionsByPk, creditTypesByPk } = await catalog.fresh(project.id)
  return Promise.all(
    topUps.map(async (topUp) => {
      const card = versionsByPk.get(topUp.cardPk)
      const creditType = creditTypesByPk.get(topUp.creditTypePk)
      if (!card || !creditType) throw new Error(`the catalogue lacks version ${topUp.cardPk}`)
      const { currency } = offerOf(card, topUp.bundleCode).bundle.price
      return { ...(await readTopUpMonth(database, topUp, currency, at)), creditType: creditType.code, currency }
    }),
  )
}
