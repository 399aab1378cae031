import { builder } from '../../../graphql/builder.ts'

export const AggregationEnum = builder.enumType('Aggregation', {
  values: ['COUNT', 'SUM', 'MAX', 'UNIQUE', 'LATEST'] as const,
})
export const IntervalEnum = builder.enumType('Interval', { values: ['DAY', 'WEEK', 'MONTH', 'YEAR'] as const })
export const OverageModeEnum = builder.enumType('OverageMode', { values: ['BLOCK', 'CHARGE'] as const })
export const RolloverModeEnum = builder.enumType('RolloverMode', { values: ['NONE', 'FULL', 'CAPPED'] as const })
export const MigrationModeEnum = builder.enumType('MigrationMode', {
  values: {
    AT_RENEWAL: { description: 'Each subscriber of an older version moves at the next renewal.' },
    NOW: {
      description:
        'Each subscriber moves at once: the difference of allowances is granted, or taken back as far as it is unspent; money changes with the next invoice.',
    },
    NEVER: { description: 'Subscribers stay on the version that they have.' },
  } as const,
})
