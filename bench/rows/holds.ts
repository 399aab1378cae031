import { customerId } from '../load/requests.ts'
import { compare } from '../rounds.ts'
import { enrol, giveGrants } from '../seed.ts'
import { type Row, speedRow } from './row.ts'
import { CUSTOMERS, florin } from './sides.ts'

const FEW_GRANTS = { customer: CUSTOMERS, grants: 3 }
const MANY_GRANTS = { customer: CUSTOMERS + 1, grants: 1_000 }

/** What stands between a balance and its draw: a hold before it, and many grants to choose from. */
export const holdRows: readonly Row[] = [
  holdRow('a hold and its capture on 1,000 customers', CUSTOMERS),
  holdRow('a hold and its capture on one customer', 1),
  {
    topic: 'holds',
    name: 'consume on one customer with 1,000 live grants',
    unit: 'requests/s',
    floor: 'consume on one customer with 3',
    aim: 0.8,
    measure: async (services, pace) => {
      for (const { customer, grants } of [FEW_GRANTS, MANY_GRANTS]) {
        await enrol(services.api, customer)
        // The card's allowance is one already.
        await giveGrants(services.api, customerId(customer), grants - 1)
      }
      const of = ({ customer }: typeof FEW_GRANTS) =>
        florin(services, { kind: 'consume', customers: 1, first: customer })
      const speed = await compare(of(MANY_GRANTS), of(FEW_GRANTS), pace)
      return { speed, delay: null, acknowledged: speed.acknowledged }
    },
  },
]

function holdRow(name: string, customers: number): Row {
  const floor = 'consume on as many customers'
  return speedRow({ topic: 'holds', name, unit: 'pairs/s', floor, aim: 0.45 }, (services) => ({
    subject: florin(services, { kind: 'holds', customers }),
    floor: florin(services, { kind: 'consume', customers }),
  }))
}
