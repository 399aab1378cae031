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

const USAGE = `npm run bench -- [--only ${topics.join('|')}] [--seconds N] [--rounds N] [--json FILE]`

/** Throws an Error that says what may be given. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      json: { type: 'string' },
      seconds: { type: 'string', default: '3' },
      rounds: { type: 'string', default: '5' },
    },
  })
  const seconds = positive('seconds', values.seconds)
  return {
    only: values.only === undefined ? null : topicOf(values.only),
    jsonFile: values.json ?? null,
    pace: { rounds: positive('rounds', values.rounds), seconds, warmUpSeconds: Math.min(3, seconds) },
  }
}

function topicOf(text: string): Topic {
  const topic = topics.find((topic) => topic === text)
  if (topic) return topic
  throw new Error(`--only ${text}: there is no such row\n${USAGE}`)
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (value > 0 && Number.isFinite(value)) return value
  throw new Error(`--${name} ${text}: give a number above zero\n${USAGE}`)
}
