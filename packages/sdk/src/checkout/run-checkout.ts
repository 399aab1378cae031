import type { CheckoutApi, CheckoutOptions, CheckoutPage, CheckoutResult, CheckoutTarget } from './checkout.ts'
import { showOverlay } from './overlay.ts'
import { focusedElement } from './take-over-page.ts'

type Navigate = (url: string) => void

/** One checkout from the session to its outcome. Rejects with the API's error, such as CONFLICT for what is owned. */
export async function runCheckout(
  api: CheckoutApi,
  target: CheckoutTarget,
  options: CheckoutOptions = {},
  navigate: Navigate = (url) => location.assign(url),
): Promise<CheckoutResult> {
  // Now: a button that is switched off while the session is made loses the focus.
  const focused = focusedElement()
  const page = await pageOf(api, target, options)
  if (options.mode === 'redirect') return leaveTo(api, page, navigate)
  const ending = await showOverlay(page, focused)
  if (ending === 'unresponsive') return leaveTo(api, page, navigate)
  return { outcome: ending === 'completed' ? 'completed' : await outcomeOf(api, page) }
}

async function pageOf(api: CheckoutApi, target: CheckoutTarget, options: CheckoutOptions): Promise<CheckoutPage> {
  if ('checkoutUrl' in target) return { url: target.checkoutUrl, token: target.token }
  const { successUrl = location.href, cancelUrl = location.href, quantities } = options
  const checkout = { successUrl, cancelUrl }
  if ('paymentMethod' in target) return api.addPaymentMethod({ checkout })
  return api.createCheckoutSession({ ...target, ...(quantities && { quantities: [...quantities] }), checkout })
}

/** Settles only if the browser brings this very page back, as its Back button does: perhaps after paying. */
function leaveTo(api: CheckoutApi, page: CheckoutPage, navigate: Navigate): Promise<CheckoutResult> {
  return new Promise((resolve) => {
    const onPageShow = async ({ persisted }: PageTransitionEvent) => {
      if (!persisted) return
      window.removeEventListener('pageshow', onPageShow)
      resolve({ outcome: await outcomeOf(api, page) })
    }
    window.addEventListener('pageshow', onPageShow)
    navigate(page.url)
  })
}

const LOOK_UP_WITHIN_MS = 3_000

/** Who closes a checkout may have paid it in another window. Nobody waits long for that: the billing state tells it too. */
async function outcomeOf(api: CheckoutApi, { token }: CheckoutPage): Promise<CheckoutResult['outcome']> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const tooLong = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), LOOK_UP_WITHIN_MS)
  })
  const status = await Promise.race([api.readStatus(token).catch(() => null), tooLong])
  clearTimeout(timer)
  return status === 'COMPLETED' ? 'completed' : status === 'PENDING' ? 'pending' : 'canceled'
}
