import type { Books } from '../books.ts'
import { type Comparison, compare, type Pace, type Side } from '../rounds.ts'
import type { Services } from '../services.ts'

export type Topic = 'trivial' | 'consume' | 'holds' | 'reads' | 'push' | 'renewals' | 'recordUsage' | 'audit'

/** How long something takes, in milliseconds. */
export interface Delay {
  readonly p50: number
  readonly p99: number
  readonly samples: number
}

/** What a row counted that is no usage: it goes into the books with it. */
export interface Counted {
  readonly lost: number
  readonly doubled: number
  /** Sentences for below the table. */
  readonly notes: readonly string[]
}

/** Figures of one kind, and how much usage was acknowledged while they were taken. */
export type Measured = {
  readonly acknowledged: number
  readonly counted?: Counted
} & ({ readonly speed: Comparison; readonly delay: null } | { readonly speed: null; readonly delay: Delay })

/** One line of the table. */
export interface Row {
  readonly topic: Topic
  readonly name: string
  readonly unit: string
  /** What it is compared with, or empty. */
  readonly floor: string
  /** The ratio to the floor that we aim at; null: shown for orientation. */
  readonly aim: number | null
  measure(services: Services, pace: Pace): Promise<Measured>
}

/** A row with its figures, and the books after it. */
export interface RowResult extends Omit<Row, 'measure'> {
  readonly measured: Measured
  readonly books: Books
}

/** A row that compares speeds. */
export function speedRow(
  row: Omit<Row, 'measure'>,
  sides: (services: Services) => { subject: Side; floor: Side },
): Row {
  return {
    ...row,
    measure: async (services, pace) => {
      const { subject, floor } = sides(services)
      const speed = await compare(subject, floor, pace)
      return { speed, delay: null, acknowledged: speed.acknowledged }
    },
  }
}
