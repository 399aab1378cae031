import { isLoopback, isPublicAddress } from '../../../platform/public-address.ts'
import type { Project } from '../../accounts/viewer.ts'
import type { WebhookDeps } from './deps.ts'

/**
 * Which addresses may be dialled for an endpoint's URL: those of the public internet. A sandbox of a Florin that is itself
 * reached at a loopback address, which is somebody's own machine, may also tell that machine, by a URL that says so.
 */
export function mayDeliverTo(
  { publicUrl }: Pick<WebhookDeps, 'publicUrl'>,
  mode: Project['mode'],
  url: URL,
): (address: string) => boolean {
  const atHome = mode === 'SANDBOX' && namesLoopback(new URL(publicUrl))
  return atHome && namesLoopback(url) ? isLoopback : isPublicAddress
}

/** Whether a URL's host is this machine by its very name. */
export function namesLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || isLoopback(hostname.replace(/^\[|\]$/g, ''))
}
