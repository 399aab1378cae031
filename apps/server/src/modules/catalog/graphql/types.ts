import {
  type Allowance,
  type Bundle,
  type CardUsageRate,
  type FixedRate,
  formatAmount,
  formatMoney,
  isAdjustable,
  type Money,
  type Price,
  type RateCard,
  serializePrice,
} from '@florin/core'
import { builder } from '../../../graphql/builder.ts'
import type { CatalogCreditType, CatalogMeter } from '../read-catalog.ts'
import { AggregationEnum, IntervalEnum, OverageModeEnum, RolloverModeEnum } from './enums.ts'

export const MoneyRef = builder.objectRef<Money>('Money').implement({
  fields: (t) => ({
    amount: t.field({ type: 'Decimal', resolve: (money) => formatMoney(money) }),
    currency: t.exposeString('currency'),
  }),
})

export const MeterRef = builder.objectRef<CatalogMeter>('Meter').implement({
  fields: (t) => ({
    code: t.exposeString('code'),
    name: t.exposeString('name'),
    eventName: t.exposeString('eventName'),
    aggregation: t.expose('aggregation', { type: AggregationEnum }),
    property: t.exposeString('property', { nullable: true }),
    filters: t.expose('filters', { type: 'JSON', nullable: true }),
    groupBy: t.stringList({
      description: 'Properties of its events by which a customer may group their usage.',
      resolve: ({ groupBy }) => [...groupBy],
    }),
  }),
})

export const CreditTypeRef = builder.objectRef<CatalogCreditType>('CreditType').implement({
  fields: (t) => ({
    code: t.exposeString('code'),
    name: t.exposeString('name'),
    precision: t.exposeInt('precision', { description: 'Decimals to show.' }),
  }),
})

const serialized = (price: Price | null) => (price === null ? null : serializePrice(price))

const FixedRateRef = builder.objectRef<FixedRate & { readonly card: RateCard }>('FixedRate').implement({
  fields: (t) => ({
    code: t.exposeString('code'),
    name: t.exposeString('name'),
    price: t.field({ type: 'JSON', resolve: ({ price }) => serialized(price) }),
    defaultQuantity: t.exposeInt('defaultQuantity'),
    adjustable: t.boolean({
      description: 'Whether customers take as many as they want, as of seats. A base fee is not.',
      resolve: ({ card, ...rate }) => isAdjustable(card, rate),
    }),
  }),
})

const UsageRateRef = builder.objectRef<CardUsageRate>('UsageRate').implement({
  fields: (t) => ({
    code: t.exposeString('code'),
    name: t.exposeString('name'),
    meter: t.exposeString('meter'),
    creditType: t.exposeString('creditType'),
    creditCost: t.field({ type: 'JSON', nullable: true, resolve: ({ creditCost }) => serialized(creditCost) }),
    overage: t.expose('overage', { type: OverageModeEnum }),
    overagePrice: t.field({ type: 'JSON', nullable: true, resolve: ({ overagePrice }) => serialized(overagePrice) }),
    includedUnits: t.field({ type: 'Decimal', resolve: ({ includedUnits }) => formatAmount(includedUnits) }),
  }),
})

const AllowanceRef = builder.objectRef<Allowance>('Allowance').implement({
  fields: (t) => ({
    creditType: t.exposeString('creditType'),
    amount: t.field({ type: 'Decimal', resolve: ({ amount }) => formatAmount(amount) }),
    perQuantityOf: t.string({
      nullable: true,
      description: 'The fixed rate whose quantity multiplies the amount, such as seats.',
      resolve: ({ perQuantityOf }) => perQuantityOf ?? null,
    }),
    rollover: t.expose('rollover', { type: RolloverModeEnum }),
    rolloverCap: t.field({
      type: 'Decimal',
      nullable: true,
      resolve: ({ rolloverCap }) => (rolloverCap === null ? null : formatAmount(rolloverCap)),
    }),
    rolloverPeriods: t.exposeInt('rolloverPeriods', { nullable: true }),
  }),
})

export const FeatureStateRef = builder.objectRef<{ feature: string; value: unknown }>('FeatureState').implement({
  fields: (t) => ({
    feature: t.exposeString('feature'),
    enabled: t.boolean({ resolve: ({ value }) => value !== false && value !== null && value !== 0 }),
    value: t.expose('value', { type: 'JSON', nullable: true }),
  }),
})

export const BundleRef = builder.objectRef<Bundle>('Bundle').implement({
  fields: (t) => ({
    code: t.exposeString('code', {
      description:
        'Cards may sell different things under one code: a customer buys what the first of their own cards has under it, else the first public card.',
    }),
    name: t.exposeString('name'),
    creditType: t.exposeString('creditType'),
    credits: t.field({ type: 'Decimal', resolve: ({ credits }) => formatAmount(credits) }),
    price: t.expose('price', { type: MoneyRef }),
    expiresAfterDays: t.exposeInt('expiresAfterDays', { nullable: true }),
  }),
})

export const RateCardRef = builder.objectRef<RateCard>('RateCard').implement({
  fields: (t) => ({
    code: t.exposeString('code'),
    version: t.exposeInt('version'),
    name: t.exposeString('name'),
    description: t.exposeString('description', { nullable: true }),
    public: t.exposeBoolean('public'),
    interval: t.expose('interval', { type: IntervalEnum }),
    currency: t.exposeString('currency'),
    fixedRates: t.field({
      type: [FixedRateRef],
      resolve: (card) => card.fixedRates.map((rate) => ({ ...rate, card })),
    }),
    usageRates: t.expose('usageRates', { type: [UsageRateRef] }),
    allowances: t.expose('allowances', { type: [AllowanceRef] }),
    features: t.field({
      type: [FeatureStateRef],
      resolve: ({ features }) => Object.entries(features).map(([feature, value]) => ({ feature, value })),
    }),
    bundles: t.expose('bundles', { type: [BundleRef] }),
    trialDays: t.exposeInt('trialDays'),
  }),
})
