import { builder } from '../../../graphql/builder.ts'
import { AggregationEnum, IntervalEnum, MigrationModeEnum, OverageModeEnum, RolloverModeEnum } from './enums.ts'

export const MeterInput = builder.inputType('MeterInput', {
  fields: (t) => ({
    code: t.string({ required: true }),
    name: t.string({ description: 'What customers read above its chart in the portal; the code unless it is said.' }),
    eventName: t.string({ required: true }),
    aggregation: t.field({ type: AggregationEnum, required: true }),
    property: t.string({
      description:
        'What is measured of the events that recordUsage sends, "value" unless it is named. consume and createHold say it by `quantity`, and UNIQUE by this property.',
    }),
    filters: t.field({ type: 'JSON' }),
    groupBy: t.stringList({
      description:
        'Properties of its events by which a customer may group their usage, such as ["model"]. A backend may group by any.',
    }),
  }),
})

export const CreditTypeInput = builder.inputType('CreditTypeInput', {
  fields: (t) => ({ code: t.string({ required: true }), name: t.string(), precision: t.int() }),
})

const FlatPriceInput = builder.inputType('FlatPriceInput', {
  fields: (t) => ({ amount: t.field({ type: 'Decimal', required: true }) }),
})

const PackageRounding = builder.enumType('PackageRounding', { values: ['UP', 'DOWN'] as const })

const PackagePriceInput = builder.inputType('PackagePriceInput', {
  fields: (t) => ({
    amount: t.field({ type: 'Decimal', required: true }),
    units: t.field({ type: 'Decimal', required: true }),
    rounding: t.field({ type: PackageRounding, required: true, defaultValue: 'UP' }),
  }),
})

const TierInput = builder.inputType('TierInput', {
  description: 'A tier begins where the one before it ends; the last has no `upTo`.',
  fields: (t) => ({
    upTo: t.field({ type: 'Decimal' }),
    unit: t.field({ type: 'Decimal', required: true }),
    flat: t.field({ type: 'Decimal' }),
  }),
})

const TieredPriceInput = builder.inputType('TieredPriceInput', {
  fields: (t) => ({ tiers: t.field({ type: [TierInput], required: true }) }),
})

const PercentagePriceInput = builder.inputType('PercentagePriceInput', {
  description: 'A share of the cost that the event carries in `property`, with an optional floor and ceiling.',
  fields: (t) => ({
    percent: t.field({ type: 'Decimal', required: true }),
    property: t.string(),
    min: t.field({ type: 'Decimal' }),
    max: t.field({ type: 'Decimal' }),
  }),
})

const MatrixRowInput = builder.inputType('MatrixRowInput', {
  fields: (t) => ({
    match: t.field({ type: 'JSON', required: true }),
    unit: t.field({ type: 'Decimal', required: true }),
  }),
})

const MatrixPriceInput = builder.inputType('MatrixPriceInput', {
  description: 'The price of the first row whose properties all match the event; without a match, `otherwise`.',
  fields: (t) => ({
    rows: t.field({ type: [MatrixRowInput], required: true }),
    otherwise: t.field({ type: 'Decimal' }),
  }),
})

const PriceInput = builder.inputType('PriceInput', {
  description: 'Exactly one of these.',
  isOneOf: true,
  fields: (t) => ({
    flat: t.field({ type: FlatPriceInput }),
    package: t.field({ type: PackagePriceInput }),
    graduated: t.field({ type: TieredPriceInput }),
    volume: t.field({ type: TieredPriceInput }),
    percentage: t.field({ type: PercentagePriceInput }),
    matrix: t.field({ type: MatrixPriceInput }),
  }),
})

const FixedRateInput = builder.inputType('FixedRateInput', {
  fields: (t) => ({
    code: t.string({ required: true }),
    name: t.string({ required: true }),
    price: t.field({ type: PriceInput, required: true }),
    defaultQuantity: t.int({ defaultValue: 1 }),
    adjustable: t.boolean({
      description:
        'Whether pages let customers take another number of it, as of seats. Left out: they do if credits come with each one, the default is not 1, or the price depends on the number.',
    }),
  }),
})

const UsageRateInput = builder.inputType('UsageRateInput', {
  fields: (t) => ({
    code: t.string({ required: true }),
    name: t.string({ required: true }),
    meter: t.string({ required: true }),
    includedUnits: t.field({
      type: 'Decimal',
      description:
        "Units of the meter that come with the card each period. Shorthand for an allowance of this rate's credit type.",
    }),
    creditType: t.string({
      description:
        "The pool this usage draws on. Left out: a pool of the meter's own, named by its code, at one credit a unit.",
    }),
    creditCost: t.field({
      type: PriceInput,
      description:
        'Credits for a quantity, where a unit is not one credit (not `volume`: credits are drawn as usage happens).',
    }),
    overage: t.field({ type: OverageModeEnum, required: true, defaultValue: 'BLOCK' }),
    overagePrice: t.field({
      type: PriceInput,
      description: "Money for each credit beyond the grants, invoiced at the period's end.",
    }),
  }),
})

const AllowanceInput = builder.inputType('AllowanceInput', {
  fields: (t) => ({
    creditType: t.string({ required: true }),
    amount: t.field({ type: 'Decimal', required: true }),
    perQuantityOf: t.string({
      description: 'The code of a fixed rate: the amount is for each of its quantity, such as each seat.',
    }),
    rollover: t.field({ type: RolloverModeEnum, defaultValue: 'NONE' }),
    rolloverCap: t.field({ type: 'Decimal' }),
    rolloverPeriods: t.int(),
  }),
})

const BundleInput = builder.inputType('BundleInput', {
  fields: (t) => ({
    code: t.string({ required: true }),
    name: t.string({ required: true }),
    creditType: t.string({ required: true }),
    credits: t.field({ type: 'Decimal', required: true }),
    price: t.field({ type: 'Decimal', required: true }),
    expiresAfterDays: t.int(),
  }),
})

export const RateCardInput = builder.inputType('RateCardInput', {
  fields: (t) => ({
    code: t.string({ required: true }),
    name: t.string({ required: true }),
    description: t.string(),
    public: t.boolean({ defaultValue: true }),
    interval: t.field({ type: IntervalEnum, required: true, defaultValue: 'MONTH' }),
    currency: t.string({ required: true, defaultValue: 'USD' }),
    fixedRates: t.field({ type: [FixedRateInput] }),
    usageRates: t.field({ type: [UsageRateInput] }),
    allowances: t.field({ type: [AllowanceInput] }),
    features: t.field({ type: 'JSON' }),
    bundles: t.field({ type: [BundleInput] }),
    trialDays: t.int(),
    migrate: t.field({
      type: MigrationModeEnum,
      defaultValue: 'AT_RENEWAL',
      description: 'What happens to subscribers of the older version.',
    }),
  }),
})
