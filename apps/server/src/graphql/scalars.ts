import { GraphQLError, Kind, valueFromASTUntyped } from 'graphql'
import { builder } from './builder.ts'

builder.scalarType('Decimal', {
  description: 'An exact decimal as a string, such as "29.00" or "0.000003". Input also takes integers. Never a float.',
  serialize: (value) => value,
  // Whether it is a decimal is said by the command, so that one bad event does not refuse the whole call.
  parseValue: (value) => {
    if (typeof value === 'string' || typeof value === 'number') return value
    throw new GraphQLError('a Decimal is a string such as "12.5", or an integer')
  },
  parseLiteral: (node) => {
    if (node.kind === Kind.STRING || node.kind === Kind.INT) return node.value
    throw new GraphQLError('a Decimal is a string such as "12.5", or an integer: put quotes around it', { nodes: node })
  },
})

builder.scalarType('DateTime', {
  description: 'An instant in ISO 8601 with its offset, such as "2027-01-31T09:30:00Z".',
  serialize: (value) => new Date(value).toISOString(),
  parseValue: (value) => parseInstant(value),
  parseLiteral: (node) => parseInstant(node.kind === Kind.STRING ? node.value : null),
})

builder.scalarType('JSON', {
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
})

builder.scalarType('SafeInt', {
  description: 'An integer up to 2^53 - 1, as a JSON number (Int ends at 2^31, which a busy customer passes in weeks).',
  serialize: (value) => value,
  parseValue: (value) => {
    if (Number.isSafeInteger(value)) return value as number
    throw new GraphQLError('a SafeInt is an integer between -(2^53 - 1) and 2^53 - 1')
  },
})

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/

// What is stored is read back by its year of four digits; before 1000 and after 9999 it would be another one.
const EARLIEST = Date.UTC(1000, 0)
const LATEST = Date.UTC(10_000, 0) - 1

function parseInstant(value: unknown): number {
  if (typeof value !== 'string' || !INSTANT.test(value)) return Number.NaN
  // Date.parse takes 31 February for 3 March.
  const [year, month, day] = value.slice(0, 10).split('-').map(Number) as [number, number, number]
  const instant = day <= new Date(Date.UTC(year, month, 0)).getUTCDate() ? Date.parse(value) : Number.NaN
  return instant >= EARLIEST && instant <= LATEST ? instant : Number.NaN
}
