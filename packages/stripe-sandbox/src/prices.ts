import { noSuch } from './api-error.ts'
import type { Price } from './catalog-objects.ts'
import type { Context, Route } from './context.ts'
import { emit, previousOf } from './events.ts'
import { newId } from './ids.ts'
import { createdWithin, listParams, page } from './list.ts'
import { mergeMetadata, metadata } from './metadata.ts'
import { currencyCode, MAX_AMOUNT } from './money.ts'
import { boolean, clearable, integer, object, oneOf, type RawParams, readParams, text } from './params.ts'
import { findProduct } from './products.ts'

const recurring = object(
  { interval: oneOf('day', 'week', 'month', 'year'), interval_count: integer({ min: 1, max: 1095 }) },
  ['interval'],
)

const laterFields = { active: boolean, lookup_key: clearable(text(200)), metadata, nickname: clearable(text(5000)) }

const fields = {
  ...laterFields,
  currency: currencyCode,
  product: text(),
  recurring,
  tax_behavior: oneOf('exclusive', 'inclusive', 'unspecified'),
  unit_amount: integer({ min: 0, max: MAX_AMOUNT }),
}

/** A price as it is shown, not yet kept. */
export function priceOf(
  context: Context,
  given: Pick<Price, 'currency' | 'product' | 'unit_amount'> & Partial<Price>,
): Price {
  return {
    id: newId('price'),
    object: 'price',
    active: true,
    billing_scheme: 'per_unit',
    created: context.now,
    livemode: false,
    lookup_key: null,
    metadata: {},
    nickname: null,
    recurring: null,
    tax_behavior: 'unspecified',
    type: given.recurring ? 'recurring' : 'one_time',
    unit_amount_decimal: String(given.unit_amount),
    ...given,
  }
}

function createPrice(context: Context, raw: RawParams): object {
  const params = readParams(raw, fields, ['currency', 'product', 'unit_amount'])
  findProduct(context, params.product, 'product')
  const { metadata: pairs, recurring: rhythm, ...given } = params
  const price = priceOf(context, {
    ...given,
    metadata: mergeMetadata({}, pairs),
    recurring: rhythm ? { interval_count: 1, ...rhythm } : null,
  })
  emit(context, 'price.created', context.store.prices.put(price))
  return price
}

function updatePrice(context: Context, raw: RawParams, id: string): object {
  const { metadata: pairs, ...changes } = readParams(raw, laterFields)
  const before = findPrice(context, id)
  const after = context.store.prices.put({
    ...before,
    ...changes,
    metadata: mergeMetadata(before.metadata, pairs),
  })
  emit(context, 'price.updated', after, previousOf(before, after))
  return after
}

export function findPrice(context: Context, id: string, param?: string): Price {
  const price = context.store.prices.get(id)
  if (!price) throw noSuch('price', id, param)
  return price
}

function listPrices(context: Context, raw: RawParams): object {
  const params = readParams(raw, { ...listParams, active: boolean, product: text() })
  const prices = context.store.prices.newestFirst(
    (price) =>
      (params.active ?? price.active) === price.active &&
      (params.product ?? price.product) === price.product &&
      createdWithin(price, params),
  )
  return page(prices, params, '/v1/prices', 'price')
}

export const priceRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/prices', handler: createPrice },
  { method: 'GET', path: '/v1/prices', handler: listPrices },
  { method: 'GET', path: '/v1/prices/:id', handler: (context, _params, id) => findPrice(context, id) },
  { method: 'POST', path: '/v1/prices/:id', handler: updatePrice },
]
