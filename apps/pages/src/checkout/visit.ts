/** How this page was opened: what the integrator's overlay put into the address, and whether the provider sent us back. */
export type Visit = {
  token: string
  /** Inside somebody's frame, whatever the address says. */
  framed: boolean
  /** Opened for an overlay. At the top level this is the window in which an overlay's payment took place. */
  embed: boolean
  /** The origin that asks to hear from us; not to be believed before `trustedOrigin` has looked at it. */
  claimedOrigin: string | null
  /** What the provider sent the customer back with; null for a customer who comes from elsewhere. */
  returned: 'paid' | 'canceled' | null
}

type Remembered = Pick<Visit, 'embed' | 'claimedOrigin'>

/**
 * Reads the visit from the address. A provider may drop our parameters on the way back, so they are remembered for the
 * tab, by token. Storage may be forbidden in a third-party frame: then the address alone has to do.
 */
export function readVisit(token: string, query: URLSearchParams, framed: boolean, storage: () => Storage): Visit {
  const returned = query.has('returned') ? 'paid' : query.has('canceled') ? 'canceled' : null
  const asked: Remembered = { embed: query.get('embed') === '1', claimedOrigin: query.get('origin') }
  const kept = asked.embed || !returned ? asked : (recall(token, storage) ?? asked)
  if (kept.embed) remember(token, kept, storage)
  return { token, framed, returned, ...kept }
}

/** Takes the provider's answer out of the address: a reload, or the way back to this page, is no return from paying. */
export function forgetReturn({ returned, embed, claimedOrigin }: Visit, pathname: string, history: History): void {
  if (!returned) return
  const query = new URLSearchParams(embed ? { embed: '1', ...(claimedOrigin && { origin: claimedOrigin }) } : {})
  history.replaceState(history.state, '', query.size > 0 ? `${pathname}?${query}` : pathname)
}

/** The claimed origin, if the backend that made this session named the same one in its success or cancel URL. */
export function trustedOrigin(claimed: string | null, urls: { successUrl: string; cancelUrl: string }): string | null {
  if (!claimed) return null
  const known = [urls.successUrl, urls.cancelUrl].map(webOrigin)
  return known.includes(claimed) ? claimed : null
}

/**
 * Whom the frame tells how it goes. The provider's way back carries no claim, and where storage is forbidden to frames nothing
 * remembers it: then it is the session's own success URL, as the browser gives a message to nobody of another origin.
 */
export function overlayOrigin(visit: Visit, urls: { successUrl: string; cancelUrl: string }): string | null {
  const { framed, returned, claimedOrigin } = visit
  if (framed && returned && claimedOrigin === null) return webOrigin(urls.successUrl)
  return trustedOrigin(claimedOrigin, urls)
}

/** Null where there is none: a sandboxed frame's `null` origin must match nothing. */
function webOrigin(text: string): string | null {
  if (!URL.canParse(text)) return null
  const { protocol, origin } = new URL(text)
  return protocol === 'https:' || protocol === 'http:' ? origin : null
}

/** The same checkout without a frame around it. */
export function fullPageUrl(token: string): string {
  return `/checkout/${encodeURIComponent(token)}`
}

const storageKey = (token: string) => `florin.checkout.${token}`

function remember(token: string, visit: Remembered, storage: () => Storage): void {
  try {
    storage().setItem(storageKey(token), JSON.stringify(visit))
  } catch {
    // Nothing is lost that the address doesn't usually carry.
  }
}

function recall(token: string, storage: () => Storage): Remembered | null {
  try {
    const text = storage().getItem(storageKey(token))
    return text ? (JSON.parse(text) as Remembered) : null
  } catch {
    return null
  }
}
