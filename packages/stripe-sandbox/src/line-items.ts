import { invalidRequest, missingParam } from './api-error.ts'
import type { Price } from './catalog-objects.ts'
import type { SessionParams } from './checkout-params.ts'
import type { Context } from './context.ts'
import { newId } from './ids.ts'
import { checkAmount } from './intent-rules.ts'
import type { LineItem } from './objects.ts'
import { findPrice, priceOf } from './prices.ts'
import { findProduct } from './products.ts'

type LineInput = NonNullable<SessionParams['line_items']>[number]

/** The priced lines of a session; none in setup mode. A total of zero is allowed, a tiny one is not. */
export function lineItemsOf(context: Context, params: SessionParams): readonly LineItem[] {
  const items = (params.line_items ?? []).map((input, index) => lineItem(context, input, `line_items[${index}]`))
  const currencies = new Set(items.map((item) => item.currency))
  if (params.currency && items.length > 0) currencies.add(params.currency)
  if (currencies.size > 1) {
    throw invalidRequest('All prices on a Checkout Session must have the same currency.', { param: 'line_items' })
  }
  const total = totalOf(items)
  if (total !== 0) checkAmount(total, items[0]?.currency ?? 'usd')
  return items
}

function lineItem(context: Context, input: LineInput, name: string): LineItem {
  const { quantity = 1 } = input
  const { price, description } = pricing(context, input, name)
  const total = price.unit_amount * quantity
  return {
    id: newId('lineItem'),
    object: 'item',
    amount_discount: 0,
    amount_subtotal: total,
    amount_tax: 0,
    amount_total: total,
    currency: price.currency,
    description,
    metadata: input.metadata ?? {},
    price,
    quantity,
  }
}

/** A price from the catalog, or one that is made for this line alone and not kept. */
function pricing(context: Context, input: LineInput, name: string): { price: Price; description: string } {
  const { price: id, price_data: data } = input
  if (id !== undefined && data) {
    throw invalidRequest('You may only specify one of these parameters: price, price_data.', { param: name })
  }
  if (id !== undefined) return catalogPricing(context, id, name)
  if (!data) throw missingParam(`${name}[price]`)
  const { product, product_data: made } = data
  if (product !== undefined && made) {
    throw invalidRequest('You may only specify one of these parameters: product, product_data.', { param: name })
  }
  if (product === undefined && !made) throw missingParam(`${name}[price_data][product_data]`)
  const description = made?.name ?? findProduct(context, product as string, `${name}[price_data][product]`).name
  const { currency, unit_amount } = data
  const price = priceOf(context, { active: false, currency, product: product ?? newId('product'), unit_amount })
  return { price, description }
}

function catalogPricing(context: Context, id: string, name: string): { price: Price; description: string } {
  const price = findPrice(context, id, `${name}[price]`)
  if (price.type === 'recurring') {
    const message =
      'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.'
    throw invalidRequest(message, { param: name })
  }
  if (!price.active) throw invalidRequest('The price specified is inactive. This field only accepts active prices.')
  return { price, description: findProduct(context, price.product).name }
}

export function totalOf(items: readonly LineItem[]): number {
  return items.reduce((total, item) => total + item.amount_total, 0)
}
