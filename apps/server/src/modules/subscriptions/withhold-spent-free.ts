import { amountOf, type Credits, fixedTotal, formatAmount, type Quantities, withholdSpent } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import type { Catalog, PublishedCard } from '../catalog/read-catalog.ts'

/** Allowances of which a part is not granted, because it was spent already. */
export interface Withheld {
  readonly allowances: ReadonlyMap<string, Credits>
  /** By credit type, as text: it counts as granted and spent in the period that begins. */
  readonly withheld: Readonly<Record<string, string>>
}

/**
 * A free allowance comes once a period: what was spent of a free card's allowance whose own period would still be running is
 * taken off the next free one. Else cancelling and subscribing again, or going by way of a year that is given back, would be
 * a well that never dries.
 *
 * @param ending what was spent of a free period that ends with this and is not on record yet.
 */
export async function withholdSpentFree(
  tx: Transaction,
  customerPk: number,
  catalog: Catalog,
  { card, quantities }: { card: PublishedCard; quantities: Quantities },
  allowances: ReadonlyMap<string, Credits>,
  now: number,
  ending: ReadonlyMap<string, Credits> = new Map(),
): Promise<Withheld> {
  if (fixedTotal(card.card, quantities).minor > 0n) return { allowances, withheld: {} }
  const earlier = (await readSpent(tx, customerPk, now)).flatMap(({ card_pk, credit_type_pk, spent }) => {
    const had = catalog.versionsByPk.get(card_pk)?.card
    if (!had || fixedTotal(had, {}).minor > 0n) return []
    return [[catalog.creditTypesByPk.get(credit_type_pk)?.code ?? '', amountOf<'credits'>(spent)] as const]
  })
  const { allowances: left, withheld } = withholdSpent(allowances, [...ending, ...earlier])
  return {
    allowances: left,
    withheld: Object.fromEntries([...withheld].map(([code, amount]) => [code, formatAmount(amount)])),
  }
}

// What neither remains nor ended unspent was spent: the few entries that end a grant are indexed, its many draws are not.
async function readSpent(tx: Transaction, customerPk: number, now: number) {
  return tx.query<{ card_pk: number; credit_type_pk: number; spent: string }>(
    `select p.rate_card_version_pk as card_pk, g.credit_type_pk, sum(g.amount - g.remaining - g.held + coalesce((
       select sum(e.amount) from ledger_entry e where e.grant_id = g.id
         and e.kind in ('EXPIRE', 'VOID') and not (e.kind = 'VOID' and e.cause_type = 'subscription')), 0))::text as spent
     from "grant" g join ended_period p on p.subscription_id = g.subscription_id and p.start = g.period_start
     where g.customer_pk = $1 and g.kind = 'ALLOWANCE' and g.expires_at > $2 group by 1, 2`,
    [customerPk, new Date(now)],
  )
}
