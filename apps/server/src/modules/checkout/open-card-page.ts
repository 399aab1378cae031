import { Fault } from '../../platform/errors.ts'
import type { Project } from '../accounts/viewer.ts'
import { type CheckoutSession, checkoutToken, subjectOf } from '../payments/checkout-session.ts'
import type { PaymentDeps } from '../payments/deps.ts'
import { forgetCustomer } from '../payments/forget-customer.ts'
import { ensureProfile } from '../payments/payment-profile.ts'
import type { ProviderCheckout } from '../payments/provider-checkouts.ts'
import { purposeHashOf } from '../payments/purpose.ts'

const PROVIDER_GRACE_MS = 35 * 60_000

export interface OpenedPage {
  readonly opened: ProviderCheckout
  /** Who pays there. */
  readonly providerCustomerId: string
}

/**
 * Opens the provider's card page of a session, or answers the one that is open. A customer whom the provider has lost is made
 * anew, once.
 */
export async function openCardPage(
  deps: PaymentDeps,
  project: Project,
  session: CheckoutSession,
  known: ProviderCheckout | null,
): Promise<OpenedPage> {
  const first = await open(deps, project, session, known)
  if (first) return first
  await forgetCustomer(deps, project, session.customerPk)
  const second = await open(deps, project, session, null)
  if (second) return second
  throw new Fault('PAYMENT_PROVIDER_UNAVAILABLE', 'the payment provider knows no such customer: try again')
}

async function open(
  deps: PaymentDeps,
  project: Project,
  session: CheckoutSession,
  known: ProviderCheckout | null,
): Promise<OpenedPage | null> {
  const provider = deps.providerFor(project)
  const { providerCustomerId } = await ensureProfile(deps, provider, session.customerPk)
  if (known?.status === 'open') {
    return { opened: known, providerCustomerId: session.providerCustomerId ?? providerCustomerId }
  }
  const page = `${deps.publicUrl}/checkout/${checkoutToken(project, session.id)}`
  const opened = await provider.openCheckout({
    ...subjectOf(session),
    providerCustomerId,
    types: session.types,
    saveMethod: session.saveMethod,
    description: session.description,
    successUrl: `${page}?returned=1`,
    cancelUrl: `${page}?canceled=1`,
    // The provider wants half an hour at least from now; ours has ended before its own does.
    expiresAt: session.expiresAt + PROVIDER_GRACE_MS,
    key: providerKey(session),
  })
  return opened && { opened, providerCustomerId }
}

/** One key for one card page: the same order asked for twice is one page, a changed order is another. */
function providerKey({ id, providerSessionId, amount, purpose, saveMethod }: CheckoutSession): string {
  const order = `${purposeHashOf(purpose).slice(0, 16)}${saveMethod ? '' : '_once'}`
  return `florin_checkout_${id}_${providerSessionId ?? 'first'}_${amount.minor}_${order}`
}
