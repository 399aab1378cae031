import { idInPageToken, isPageToken } from '../accounts/page-token.ts'
import { PROJECT_COLUMNS, type ProjectRow, toProject } from '../accounts/read-project.ts'
import type { Project } from '../accounts/viewer.ts'
import { linkTo, openCheckout } from '../payments/checkout-session.ts'
import { lockCustomer } from '../payments/lock-customer.ts'
import { purposeHashOf, type SetupPurpose } from '../payments/purpose.ts'
import { readPaymentMethods } from '../payments/read-payment-methods.ts'
import { chargeable, readPaymentProfiles } from '../payments/read-payment-profile.ts'
import { MOST_METHODS } from '../payments/save-payment-method.ts'
import type { SubscriptionDeps } from '../subscriptions/deps.ts'
import { versionOf } from '../subscriptions/read-subscription.ts'

interface Trial {
  readonly customerPk: number
  readonly cardPk: number
  readonly running: boolean
}

/**
 * The page on which a customer saves the payment method that their trial lacks, and is charged nothing. Sessions live an hour and a
 * mail is read after days, so each visit opens one, or finds the one that is open. Null: no such link. A trial that has ended, or
 * has what it needs, leads to the page that says so: nobody replaces a method by a link.
 */
export async function openMethodPage(deps: SubscriptionDeps, token: string): Promise<string | null> {
  const id = idInPageToken('method', token)
  if (!id) return null
  const [found] = await deps.database.query<ProjectRow & Trial>(
    `select ${PROJECT_COLUMNS}, s.customer_pk as "customerPk", s.rate_card_version_pk as "cardPk",
       s.status = 'TRIALING' and not s.cancel_at_period_end as running
     from subscription s join customer c on c.pk = s.customer_pk join project p on p.id = c.project_id where s.id = $1`,
    [id],
  )
  if (!found) return null
  const project = toProject(found)
  if (!isPageToken('method', project, id, token)) return null
  return (found.running && (await openFor(deps, project, found))) || `${deps.publicUrl}/checkout/done`
}

async function openFor(
  deps: SubscriptionDeps,
  project: Project,
  { customerPk, cardPk }: Trial,
): Promise<string | null> {
  const { currency } = (await versionOf(deps.catalog, project.id, cardPk)).card
  const done = `${deps.publicUrl}/checkout/done`
  const purpose: SetupPurpose = { kind: 'setup', makeDefault: true }
  const session = await deps.database.transaction(async (tx) => {
    await lockCustomer(tx, customerPk)
    const profile = (await readPaymentProfiles(tx, [customerPk])).get(customerPk)
    if (chargeable(profile, currency)) return null
    if ((await readPaymentMethods(tx, customerPk)).length >= MOST_METHODS) return null
    return openCheckout(tx, project, {
      customerPk,
      purpose,
      purposeHash: purposeHashOf(purpose),
      amount: { minor: 0n, currency },
      description: 'Payment method',
      successUrl: done,
      cancelUrl: done,
      byLink: true,
    })
  })
  return session && linkTo(deps.publicUrl, project, session).url
}
