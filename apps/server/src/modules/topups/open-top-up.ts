import { bundlesToLift, topUpValue } from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import { idInPageToken, isPageToken } from '../accounts/page-token.ts'
import { PROJECT_COLUMNS, type ProjectRow, toProject } from '../accounts/read-project.ts'
import type { Project } from '../accounts/viewer.ts'
import { offerOf } from '../catalog/find-bundle.ts'
import { withAccount } from '../ledger/with-account.ts'
import { linkTo, openCheckout } from '../payments/checkout-session.ts'
import { type Purpose, purposeHashOf } from '../payments/purpose.ts'
import type { SubscriptionDeps } from '../subscriptions/deps.ts'
import { versionOf } from '../subscriptions/read-subscription.ts'
import { readAutoTopUp } from './read-auto-top-ups.ts'
import { dueForBundles } from './sell-bundle.ts'

/**
 * The page on which a customer makes a top-up that needs them. Sessions live an hour and a customer may come after days, so
 * each visit opens one, or finds the one that is open. Null: no such link. The page says so where the top-up was made already.
 */
export async function openTopUp(deps: SubscriptionDeps, token: string): Promise<string | null> {
  const dueId = idInPageToken('topUp', token)
  if (!dueId) return null
  const [found] = await deps.database.query<ProjectRow & { customer_pk: number; credit_type_pk: number }>(
    `select ${PROJECT_COLUMNS}, t.customer_pk, t.credit_type_pk from auto_top_up t
     join customer c on c.pk = t.customer_pk join project p on p.id = c.project_id where t.due_id = $1`,
    [dueId],
  )
  const done = `${deps.publicUrl}/checkout/done`
  if (!found) return done
  const project = toProject(found)
  if (!isPageToken('topUp', project, dueId, token)) return null
  return (await openFor(deps, project, found.customer_pk, found.credit_type_pk, dueId)) ?? done
}

async function openFor(
  deps: SubscriptionDeps,
  project: Project,
  customerPk: number,
  creditTypePk: number,
  dueId: string,
): Promise<string | null> {
  const page = `${deps.publicUrl}/checkout/done`
  const { result: session } = await deps.database.transaction((tx) =>
    withAccount(tx, customerPk, nowOf(project), async ({ account }) => {
      const topUp = await readAutoTopUp(tx, customerPk, creditTypePk)
      if (!topUp?.enabled || topUp.dueId !== dueId) return null
      const card = await versionOf(deps.catalog, project.id, topUp.cardPk)
      const offer = offerOf(card, topUp.bundleCode)
      const terms = { threshold: topUp.threshold, credits: offer.bundle.credits }
      const quantity = Math.max(1, bundlesToLift(terms, topUpValue(account, creditTypePk)))
      const purpose: Purpose = {
        kind: 'bundle',
        cardPk: topUp.cardPk,
        code: topUp.bundleCode,
        quantity,
        topUp: { due: dueId },
      }
      return openCheckout(tx, project, {
        customerPk,
        purpose,
        purposeHash: purposeHashOf(purpose),
        amount: await dueForBundles(tx, customerPk, offer, quantity),
        description: quantity === 1 ? offer.bundle.name : `${quantity} × ${offer.bundle.name}`,
        successUrl: page,
        cancelUrl: page,
        // Its link is mailed, as an invoice's is. The method on file has just failed, or wants the customer.
        byLink: true,
        saveMethod: true,
      })
    }),
  )
  return session && linkTo(deps.publicUrl, project, session).url
}
