import { parseArgs } from 'node:util'
import type { Pace } from './rounds.ts'
import type { Topic } from './rows/row.ts'
import { rows } from './rows/rows.ts'

export interface Options {
  /** Null: all. */
  readonly only: Topic | null
  readonly jsonFile: string | null
  readonly pace: Pace
}

const topics = [...new Set(rows.map(({ topic }) => topic))]

const USAGE = `npm run bench -- [${topics.join('|')}] [--quick] [--seconds N] [--rounds N] [--subscriptions N] [--entries N] [--json FILE]`

/** Figures to show to others, and figures to see whether it still works. */
const THOROUGH = { seconds: '3', rounds: '5', subscriptions: '10000', entries: '1000000' }
const QUICK = { seconds: '1', rounds: '2', subscriptions: '1000', entries: '100000' }

/** Throws an Error that says what may be given. */
export function readOptions(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      json: { type: 'string' },
      quick: { type: 'boolean', default: false },
      seconds: { type: 'string' },
      rounds: { type: 'string' },
      subscriptions: { type: 'string' },
      entries: { type: 'string' },
    },
  })
  const pace = { ...(values.quick ? QUICK : THOROUGH), ...values }
  const seconds = positive('seconds', pace.seconds)
  const only = values.only ?? positionals[0]
  return {
    only: only === undefined ? null : topicOf(only),
    jsonFile: values.json ?? null,
    pace: {
      rounds: positive('rounds', pace.rounds),
      seconds,
      warmUpSeconds: Math.min(3, seconds),
      subscriptions: positive('subscriptions', pace.subscriptions),
      entries: positive('entries', pace.entries),
    },
  }
}

function topicOf(text: string): Topic {
  const topic = topics.find((topic) => topic === text)
  if (topic) return topic
  throw new Error(`${text}: there is no such row\n${USAGE}`)
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (value > 0 && Number.isFinite(value)) return value
  throw new Error(`--${name} ${text}: give a number above zero\n${USAGE}`)
}
