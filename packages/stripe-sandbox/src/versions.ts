import { invalidRequest } from './api-error.ts'
import type { RawParams } from './params.ts'

/** The version whose shapes the sandbox speaks. */
export const API_VERSION = '2026-10-28.endive'

/** How a request is read that names no version: by the version of its account, which was opened a while ago. */
const ACCOUNT_VERSION = '2022-11-15'

/** Since then methods are chosen in the Dashboard, and a request filters them. */
const DYNAMIC_METHODS = '2023-08-16'
const FILTERED_METHODS = '2026-10-28'

/** The version of a request. @throws 400 for one that never was. */
export function versionOf(header: string | string[] | undefined): string {
  const version = header === undefined ? ACCOUNT_VERSION : String(header)
  if (/^20\d\d-\d\d-\d\d(\.[a-z]+)?$/.test(version)) return version
  throw invalidRequest(`Invalid Stripe API version: ${version}`)
}

const WITH_METHODS = /^\/v1\/(payment_intents|setup_intents|checkout\/sessions)(\/[^/]+)?(\/confirm)?$/
const NEW_INTENT = /^\/v1\/(payment_intents|setup_intents)$/

/** A request of an earlier version in the words of the current one. Answers are in the current shapes always. */
export function upgrade(version: string, method: string, path: string, params: RawParams): RawParams {
  if (method !== 'POST' || version >= FILTERED_METHODS || !WITH_METHODS.test(path)) return params
  const { payment_method_types: types, ...rest } = params
  if (types !== undefined) return { ...rest, allowed_payment_method_types: types }
  const cardOnly = version < DYNAMIC_METHODS && NEW_INTENT.test(path) && rest.automatic_payment_methods === undefined
  return cardOnly ? { ...rest, allowed_payment_method_types: ['card'] } : rest
}
