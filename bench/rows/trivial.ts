import { type Row, speedRow } from './row.ts'
import { florin, trivialAt, YOGA_FLOOR } from './sides.ts'

const trivial = { topic: 'trivial', unit: 'requests/s', floor: YOGA_FLOOR, aim: null } as const

/** What HTTP and GraphQL cost before any billing is done. */
export const trivialRows: readonly Row[] = [
  speedRow({ ...trivial, name: 'the same bytes by bare Node (ceiling)' }, (services) => ({
    subject: trivialAt(services, services.echoPort),
    floor: trivialAt(services, services.yogaPort),
  })),
  speedRow({ ...trivial, name: '{ __typename } by Florin' }, (services) => ({
    subject: florin(services, { kind: 'trivial' }),
    floor: trivialAt(services, services.yogaPort),
  })),
]
