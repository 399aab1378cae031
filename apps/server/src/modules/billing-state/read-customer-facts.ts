import type { Quantity } from '@florin/core'
import { arrayOf, type Statement, type Transaction } from '../../platform/database.ts'
import { readLiveCommitments } from '../commitments/read-commitments.ts'
import { readAccountCredits } from '../invoices/read-account-credit.ts'
import { readLineages } from '../ledger/in-lineages.ts'
import { readAccounts } from '../ledger/load-accounts.ts'
import { readBudgets } from '../ledger/read-budgets.ts'
import { readOpenHolds } from '../ledger/read-holds.ts'
import { readWatches } from '../ledger/read-watches.ts'
import { readPaymentProfiles } from '../payments/read-payment-profile.ts'
import { readLiveSubscriptions } from '../subscriptions/read-subscriptions.ts'
import { readAutoTopUps } from '../topups/read-auto-top-ups.ts'
import { readCurrentUsage, type UsageKey } from '../usage/read-meter-usage.ts'
import { readUsageSince } from '../usage/read-usage-since.ts'
import type { CustomerFacts, PayerFacts } from './assemble-billing-state.ts'

export interface Asked {
  readonly customerPk: number
  readonly customerId: string
}

const CREDIT_TYPES: Statement = {
  name: 'billing-state-credit-types',
  text: `select distinct customer_pk, credit_type_pk from wallet where customer_pk = any($1::bigint[])`,
}

const IDS: Statement = {
  name: 'billing-state-ids',
  text: `select pk as "customerPk", id as "customerId" from customer where pk = any($1::bigint[])`,
}

/** What the database says of customers, also inside a transaction that is going to be taken back. */
export async function readCustomerFacts(tx: Transaction, asked: readonly Asked[]): Promise<CustomerFacts[]> {
  const pks = [...new Set(asked.map(({ customerPk }) => customerPk))]
  const [own, profiles, credits, topUps, commitments, watches, types] = await Promise.all([
    readPayers(tx, asked),
    readPaymentProfiles(tx, pks),
    readAccountCredits(tx, pks),
    readAutoTopUps(tx, pks),
    readLiveCommitments(tx, pks),
    readWatches(tx, pks),
    tx.query<{ customer_pk: number; credit_type_pk: number }>(CREDIT_TYPES, [arrayOf(pks)]),
  ])
  const creditTypes = new Map<number, number[]>()
  for (const row of types) {
    creditTypes.set(row.customer_pk, [...(creditTypes.get(row.customer_pk) ?? []), row.credit_type_pk])
  }
  const above = await readAncestors(tx, own)
  const payers = await withBudgets(tx, new Map([...above.payers, ...own]))
  const quantities = await readOwnParts(tx, above.lineages, payers)
  return asked.map(({ customerPk }) => ({
    ...payerOf(payers, customerPk),
    ancestors: (above.lineages.get(customerPk) ?? []).map((pk) => payerOf(payers, pk)),
    quantities,
    watches: watches.get(customerPk) ?? [],
    creditTypes: creditTypes.get(customerPk) ?? [],
    paymentMethod: profiles.get(customerPk)?.method ?? null,
    commitments: commitments.get(customerPk) ?? [],
    autoTopUps: topUps.get(customerPk) ?? [],
    accountCredit: credits.get(customerPk) ?? null,
  }))
}

type Payers = ReadonlyMap<number, PayerFacts>

function payerOf(payers: Payers, customerPk: number): PayerFacts {
  const payer = payers.get(customerPk)
  if (!payer) throw new Error(`customer ${customerPk} has no ledger`)
  return payer
}

/** What decisions about the customers need. Their budgets are read only where there are any. */
async function readPayers(tx: Transaction, asked: readonly Asked[]): Promise<Map<number, PayerFacts>> {
  const pks = [...new Set(asked.map(({ customerPk }) => customerPk))]
  const [accounts, subscriptions, usage, holds] = await Promise.all([
    readAccounts(tx, pks),
    readLiveSubscriptions(tx, pks),
    readCurrentUsage(tx, pks),
    readOpenHolds(tx, pks),
  ])
  const ids = new Map(asked.map(({ customerPk, customerId }) => [customerPk, customerId]))
  return new Map(
    [...accounts].map(([customerPk, account]) => [
      customerPk,
      {
        customerPk,
        customerId: ids.get(customerPk) ?? '',
        account,
        spendLimit: account.spendLimit,
        subscriptions: subscriptions.get(customerPk) ?? [],
        usage,
        holds: holds.filter(({ payerPk }) => payerPk === customerPk),
        budgets: [],
      },
    ]),
  )
}

/** Who stands above the customers. Who stands below nobody costs no statement. */
async function readAncestors(tx: Transaction, own: Payers) {
  const children = [...own.values()].filter(({ account }) => account.parentPk !== null)
  if (children.length === 0) return { lineages: new Map<number, number[]>(), payers: new Map<number, PayerFacts>() }
  const lineages = await readLineages(
    tx,
    children.map(({ customerPk }) => customerPk),
  )
  const pks = [...new Set([...lineages.values()].flat())].filter((pk) => !own.has(pk))
  return { lineages, payers: await readPayers(tx, await tx.query<Asked>(IDS, [arrayOf(pks)])) }
}

async function withBudgets(tx: Transaction, payers: Payers): Promise<Payers> {
  const owners = [...payers].flatMap(([pk, { account }]) => (account.hasBudgets ? [pk] : []))
  if (owners.length === 0) return payers
  const budgets = await readBudgets(tx, owners)
  return new Map([...payers].map(([pk, payer]) => [pk, { ...payer, budgets: budgets.get(pk) ?? [] }]))
}

const NO_QUANTITIES: ReadonlyMap<UsageKey, Quantity> = new Map()

/** What customers have used themselves of the periods of those above. What others did there is not theirs to see. */
async function readOwnParts(
  tx: Transaction,
  lineages: ReadonlyMap<number, readonly number[]>,
  payers: Payers,
): Promise<ReadonlyMap<UsageKey, Quantity>> {
  const wanted = [...lineages].flatMap(([customerPk, ancestors]) => {
    const periods = ancestors.flatMap((pk) => payerOf(payers, pk).subscriptions)
    const starts = new Set(periods.map(({ currentPeriodStart }) => currentPeriodStart))
    return [...starts].map((since) => ({ customerPk, since }))
  })
  return wanted.length === 0 ? NO_QUANTITIES : readUsageSince(tx, wanted)
}
