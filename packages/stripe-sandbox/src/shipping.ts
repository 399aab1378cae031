import { anything, clearable, object, text } from './params.ts'

/** Where goods are sent: kept and shown, never looked into. */
export const shipping = object(
  { address: anything, carrier: text(), name: text(), phone: clearable(text()), tracking_number: text() },
  ['address', 'name'],
)
