import { stateConflict } from './api-error.ts'
import type { Context } from './context.ts'
import { list, text } from './params.ts'

const MAX_DEPTH = 4

/** Reads the `expand` parameter. */
export const expandPaths = list(text(200), 20)

/**
 * Replaces ids in an answer by the objects they name: `payment_intent.payment_method`, or `data.customer` in a list.
 *
 * @throws 400 for a field that holds no id.
 */
export function expand(context: Context, answer: object, paths: readonly string[]): object {
  return paths.reduce((expanded, path) => {
    const fields = path.split('.')
    if (fields.length > MAX_DEPTH) throw cannotExpand(path, 'You cannot expand more than 4 levels of a property.')
    return expandField(context, expanded, fields, path)
  }, answer)
}

function expandField(context: Context, subject: object, fields: readonly string[], path: string): object {
  const [field, ...rest] = fields
  if (field === undefined) return subject
  const value = fieldOf(context, subject as Record<string, unknown>, field)
  if (value === null) return subject
  if (Array.isArray(value)) return { ...subject, [field]: value.map((each) => expandField(context, each, rest, path)) }
  const object = typeof value === 'string' ? objectOf(context, value) : value
  if (typeof object !== 'object' || object === null) throw cannotExpand(path)
  return { ...subject, [field]: expandField(context, object, rest, path) }
}

/** A session's line items are the one list that is left out unless it is asked for. */
function fieldOf(context: Context, subject: Record<string, unknown>, field: string): unknown {
  if (subject.object !== 'checkout.session' || field !== 'line_items') return subject[field]
  const data = context.store.orders.get(String(subject.id))?.lineItems ?? []
  return { object: 'list', data, has_more: false, url: `/v1/checkout/sessions/${subject.id}/line_items` }
}

function objectOf(context: Context, id: string): object | undefined {
  const { store } = context
  const collections = [
    store.customers,
    store.deletedCustomers,
    store.paymentMethods,
    store.paymentIntents,
    store.setupIntents,
    store.charges,
    store.checkoutSessions,
    store.mandates,
    store.products,
  ]
  for (const collection of collections) {
    const found = collection.get(id)
    if (found) return found
  }
  return undefined
}

function cannotExpand(path: string, why = `This property cannot be expanded (${path}).`): Error {
  return stateConflict(why, { param: 'expand' })
}
