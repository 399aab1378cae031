import { invalidRequest, noSuch } from './api-error.ts'
import type { List } from './objects.ts'
import { integer, object, type Reader, text } from './params.ts'

const seconds = integer({ min: 0 })
const range = object({ gt: seconds, gte: seconds, lt: seconds, lte: seconds })
type Range = ReturnType<typeof range>

/** A range of instants, or one alone. */
const created: Reader<Range> = (value, name) => {
  if (typeof value !== 'string') return range(value, name)
  const instant = seconds(value, name)
  return { gte: instant, lte: instant }
}

/** The parameters of every list. */
export const listParams = {
  created,
  ending_before: text(),
  limit: integer({ min: 1, max: 100 }),
  starting_after: text(),
}

export function createdWithin(object: { readonly created: number }, params: { readonly created?: Range }): boolean {
  const { gt = -1, gte = 0, lt = Infinity, lte = Infinity } = params.created ?? {}
  return object.created > gt && object.created >= gte && object.created < lt && object.created <= lte
}

interface Cursor {
  readonly limit?: number
  readonly starting_after?: string
  readonly ending_before?: string
}

/** One page of objects that are sorted as Stripe sorts them: newest first. */
export function page<T extends { readonly id: string }>(
  objects: readonly T[],
  cursor: Cursor,
  url: string,
  noun: string,
): List<T> {
  const { limit = 10, starting_after: after, ending_before: before } = cursor
  if (after !== undefined && before !== undefined) {
    throw invalidRequest('You cannot parameterize both starting_after and ending_before.')
  }
  if (before !== undefined) {
    const end = position(objects, before, noun, 'ending_before')
    const start = Math.max(0, end - limit)
    return { object: 'list', data: objects.slice(start, end), has_more: start > 0, url }
  }
  const start = after === undefined ? 0 : position(objects, after, noun, 'starting_after') + 1
  const data = objects.slice(start, start + limit)
  return { object: 'list', data, has_more: start + data.length < objects.length, url }
}

function position(objects: readonly { readonly id: string }[], id: string, noun: string, param: string): number {
  const index = objects.findIndex((each) => each.id === id)
  if (index === -1) throw noSuch(noun, id, param)
  return index
}
