/** What a broken proxy, or a wrong environment, makes of a good answer. */
export const RUBBISH = [
  'wrong_amount',
  'wrong_currency',
  'wrong_customer',
  'missing_fields',
  'not_found_without_error',
  'html',
] as const

export type Rubbish = (typeof RUBBISH)[number]

export interface Spoiled {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

type Json = Readonly<Record<string, unknown>>

const AMOUNTS = new Set([
  'amount',
  'amount_total',
  'amount_subtotal',
  'amount_received',
  'amount_captured',
  'amount_refunded',
])
const STRANGER = 'cus_SomebodyElse00'

/** An answer that arrives, and is not to be trusted. */
export function spoil(status: number, body: string, rubbish: Rubbish): Spoiled {
  if (rubbish === 'html') {
    const page =
      '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502 Bad Gateway</h1></body>\r\n</html>\r\n'
    return { status: 502, contentType: 'text/html', body: page }
  }
  const contentType = 'application/json'
  if (rubbish === 'not_found_without_error') {
    return { status: 404, contentType, body: '{"message":"no Route matched with those values"}' }
  }
  const answer = JSON.parse(body) as Json
  const spoiled = rubbish === 'missing_fields' ? stripped(answer) : changed(answer, rubbish)
  return { status, contentType, body: JSON.stringify(spoiled, null, 2) }
}

/** Only what an object is called; in a list, each object's name. */
function stripped(answer: Json): Json {
  if (!Array.isArray(answer.data)) return { id: answer.id, object: answer.object }
  return { ...answer, data: answer.data.map((each) => stripped(each as Json)) }
}

/** The same with something else in every field of that kind, however deep. */
function changed(value: Json, rubbish: Rubbish): Json {
  const entries = Object.entries(value).map(([key, each]) => [key, changedField(key, each, rubbish)])
  const copy = Object.fromEntries(entries) as Json
  return rubbish === 'wrong_customer' && copy.object === 'customer' ? { ...copy, id: STRANGER } : copy
}

function changedField(key: string, value: unknown, rubbish: Rubbish): unknown {
  if (rubbish === 'wrong_amount' && AMOUNTS.has(key) && typeof value === 'number') return value + 100
  if (rubbish === 'wrong_currency' && key === 'currency') return value === 'usd' ? 'eur' : 'usd'
  if (rubbish === 'wrong_customer' && key === 'customer' && (value === null || typeof value === 'string'))
    return STRANGER
  if (Array.isArray(value)) return value.map((each) => changedField(key, each, rubbish))
  return typeof value === 'object' && value !== null ? changed(value as Json, rubbish) : value
}
