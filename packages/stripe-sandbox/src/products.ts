import { noSuch } from './api-error.ts'
import type { Product } from './catalog-objects.ts'
import type { Context, Route } from './context.ts'
import { emit, previousOf } from './events.ts'
import { newId } from './ids.ts'
import { createdWithin, listParams, page } from './list.ts'
import { mergeMetadata, metadata } from './metadata.ts'
import { boolean, clearable, list, type RawParams, readParams, text } from './params.ts'

const fields = {
  active: boolean,
  description: clearable(text(40_000)),
  images: list(text(), 8),
  metadata,
  name: text(5000),
}

function createProduct(context: Context, raw: RawParams): object {
  const { metadata: pairs, ...given } = readParams(raw, fields, ['name'])
  const product = context.store.products.put({
    id: newId('product'),
    object: 'product',
    active: true,
    created: context.now,
    default_price: null,
    description: null,
    images: [],
    livemode: false,
    metadata: mergeMetadata({}, pairs),
    type: 'service',
    updated: context.now,
    ...given,
  })
  emit(context, 'product.created', product)
  return product
}

function updateProduct(context: Context, raw: RawParams, id: string): object {
  const { metadata: pairs, ...changes } = readParams(raw, fields)
  const before = findProduct(context, id)
  const after = context.store.products.put({
    ...before,
    ...changes,
    metadata: mergeMetadata(before.metadata, pairs),
    updated: context.now,
  })
  emit(context, 'product.updated', after, previousOf(before, after))
  return after
}

export function findProduct(context: Context, id: string, param?: string): Product {
  const product = context.store.products.get(id)
  if (!product) throw noSuch('product', id, param)
  return product
}

function listProducts(context: Context, raw: RawParams): object {
  const params = readParams(raw, { ...listParams, active: boolean })
  const products = context.store.products.newestFirst(
    (product) => (params.active ?? product.active) === product.active && createdWithin(product, params),
  )
  return page(products, params, '/v1/products', 'product')
}

export const productRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/products', handler: createProduct },
  { method: 'GET', path: '/v1/products', handler: listProducts },
  { method: 'GET', path: '/v1/products/:id', handler: (context, _params, id) => findProduct(context, id) },
  { method: 'POST', path: '/v1/products/:id', handler: updateProduct },
]
