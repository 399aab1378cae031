export * from './account.ts'
export { type Address, addressLines, countryName } from './address.ts'
export { bucketStart, bucketsBetween, type Granularity } from './buckets.ts'
export * from './budget.ts'
export {
  addLocalDays,
  calendarPeriod,
  type Interval,
  isTimeZone,
  type Period,
  periodAt,
  periodContaining,
  type Span,
} from './calendar.ts'
export * from './card.ts'
export { type CardPlaces, isAlternative, placesOf } from './card-place.ts'
export * from './catch-up.ts'
export * from './change.ts'
export * from './commitment.ts'
export { COUNTRIES, hasEuVat, hasEuVatPrefix, isCountry } from './country.ts'
export * from './credit.ts'
export { CURRENCIES, chargeStep, currencyDecimals, leastCharge } from './currency.ts'
export * from './decimal.ts'
export { type DeclineWords, declineWords } from './decline.ts'
export * from './drawdown.ts'
export * from './dunning.ts'
export * from './give-back.ts'
export * from './hold.ts'
export * from './meter.ts'
export * from './money.ts'
export * from './plan-lines.ts'
export * from './price.ts'
export { type ParsedPrice, parsePrice, serializePrice } from './price-json.ts'
export * from './proration.ts'
export * from './refund.ts'
export * from './renewal.ts'
export * from './return-credits.ts'
export * from './rewind.ts'
export * from './rollover.ts'
export * from './tax.ts'
export * from './top-up.ts'
export * from './trial.ts'
export * from './usage.ts'
export * from './watch.ts'
export * from './withhold.ts'
