import { isIP } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkStorable, type Fault, invalidInput } from '../../../platform/errors.ts'
import { addressesOf } from '../../../platform/outbound-post.ts'
import type { Project } from '../../accounts/viewer.ts'
import type { WebhookDeps } from './deps.ts'
import { mayDeliverTo, namesLoopback } from './may-deliver-to.ts'

const LONGEST = 2_048
const RESOLVE_WITHIN_MS = 3_000
/** Suffixes of names that no public resolver knows. */
const LOCAL_NAMES = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|private|test|invalid)$/

/**
 * Checks where an endpoint wants to be told, and answers it as it is stored. What it says is looked at here, and where its
 * name leads for now; the address that is dialled is checked when it is. Throws INVALID_INPUT.
 */
export async function checkEndpointUrl(
  deps: Pick<WebhookDeps, 'publicUrl' | 'resolveHost'>,
  { mode }: Pick<Project, 'mode'>,
  text: string,
  field = 'url',
): Promise<string> {
  const url = parse(text, field)
  const mayDial = mayDeliverTo(deps, mode, url)
  const home = namesLoopback(url)
  checkScheme(url, home, field)
  checkHost(url, field)
  const lost = Symbol('no answer')
  // A name that can't be resolved now may be resolved when there is something to tell.
  const addresses = await Promise.race([
    addressesOf(deps.resolveHost, url).catch(() => lost),
    sleep(RESOLVE_WITHIN_MS, lost, { ref: false }),
  ])
  if (Array.isArray(addresses) && !addresses.every(({ address }) => mayDial(address))) throw notPublic(url, home, field)
  if (home && !mayDial('127.0.0.1')) throw notPublic(url, home, field)
  return url.href
}

function parse(text: string, field: string): URL {
  checkStorable(text, field)
  const url = text.length <= LONGEST && /^https?:\/\/[^\s\\]+$/.test(text) && URL.canParse(text) ? new URL(text) : null
  if (!url) {
    throw invalidInput(
      field,
      `${field} must be an address such as "https://example.com/webhooks", at most ${LONGEST} characters`,
    )
  }
  if (url.username || url.password) {
    throw invalidInput(field, `${field} must not have credentials in it: deliveries are signed instead`)
  }
  url.hash = ''
  return url
}

function checkScheme({ protocol, port }: URL, home: boolean, field: string): void {
  if (protocol !== 'https:' && !home) throw invalidInput(field, `${field} must begin with https://`)
  const number = Number(port || 443)
  if (number === 443 || number >= 1024) return
  if (home && number === 80) return
  throw invalidInput(field, `${field} must use port 443, or one from 1024 on: other services have the smaller ones`)
}

function checkHost(url: URL, field: string): void {
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (isIP(host) !== 0 || namesLoopback(url)) return
  if (!host.includes('.') || LOCAL_NAMES.test(host)) {
    throw invalidInput(
      field,
      `${field} must name a host of the public internet: "${host}" is a name of a local network`,
    )
  }
}

function notPublic({ hostname }: URL, home: boolean, field: string): Fault {
  const remedy = home
    ? 'only a SANDBOX project of a Florin on your own machine may be told there'
    : 'use one that is reachable from the internet'
  return invalidInput(field, `${field} must lead to a public address, and "${hostname}" does not: ${remedy}`)
}
