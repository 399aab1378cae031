import { builder } from '../../../graphql/builder.ts'

export const AggregationEnum = builder.enumType('Aggregation', {
  values: ['COUNT', 'SUM', 'MAX', 'UNIQUE', 'LATEST'] as const,
})
export const IntervalEnum = builder.enumType('Interval', { values: ['DAY', 'WEEK', 'MONTH', 'YEAR'] as const })
export const OverageModeEnum = builder.enumType('OverageMode', { values: ['BLOCK', 'CHARGE'] as const })
export const RolloverModeEnum = builder.enumType('RolloverMode', { values: ['NONE', 'FULL', 'CAPPED'] as const })
