import type { CheckoutOptions, CheckoutPage, CheckoutResult, CheckoutTarget, CreateCheckout } from './checkout.ts'
import { showOverlay } from './overlay.ts'

type Navigate = (url: string) => void

/** One checkout from the session to its outcome. Rejects with the API's error, such as CONFLICT for what is owned. */
export async function runCheckout(
  create: CreateCheckout,
  target: CheckoutTarget,
  options: CheckoutOptions = {},
  navigate: Navigate = (url) => location.assign(url),
): Promise<CheckoutResult> {
  const page = await pageOf(create, target, options)
  if (options.mode === 'redirect') return leaveTo(page.url, navigate)
  const ending = await showOverlay(page)
  return ending === 'unresponsive' ? leaveTo(page.url, navigate) : { outcome: ending }
}

async function pageOf(create: CreateCheckout, target: CheckoutTarget, options: CheckoutOptions): Promise<CheckoutPage> {
  if ('checkoutUrl' in target) return { url: target.checkoutUrl, token: target.token }
  const { successUrl = location.href, cancelUrl = location.href, quantities } = options
  return create({
    ...target,
    ...(quantities && { quantities: [...quantities] }),
    checkout: { successUrl, cancelUrl },
  })
}

/** Settles only if the browser brings this very page back, as its Back button does: the customer changed their mind. */
function leaveTo(url: string, navigate: Navigate): Promise<CheckoutResult> {
  return new Promise((resolve) => {
    const onPageShow = ({ persisted }: PageTransitionEvent) => {
      if (!persisted) return
      window.removeEventListener('pageshow', onPageShow)
      resolve({ outcome: 'canceled' })
    }
    window.addEventListener('pageshow', onPageShow)
    navigate(url)
  })
}
