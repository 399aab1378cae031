import {
  addMoney,
  amountOf,
  applyCredit,
  chargeStep,
  type Money,
  ONE,
  type PlanLine,
  sumMoney,
  taxLines,
  totalOf,
  zeroMoney,
} from '@florin/core'
import { canonicalJson } from '../../platform/command.ts'
import type { Transaction } from '../../platform/database.ts'
import type { TaxRate } from '../accounts/check-tax-rate.ts'

/** What an invoice comes to for one customer now: its lines with the tax, and who settles it. */
export interface Quote {
  /** As planned, net of tax, and the tax as the last line. They sum to the total. */
  readonly lines: readonly PlanLine[]
  readonly tax: Money
  /** The customer's tax; null: none. */
  readonly rate: TaxRate | null
  /** Negative: it becomes account credit. */
  readonly total: Money
  /** Account credit that it uses. */
  readonly credit: Money
  /** What is left to collect; never negative. */
  readonly due: Money
}

/** What is to be invoiced: lines at the prices of the card, which have an INCLUSIVE tax in them. */
export interface Billed {
  readonly customerPk: number
  readonly currency: string
  readonly lines: readonly PlanLine[]
  /** The tax that was on what the credited lines give back; left out: the customer's, as on the others. */
  readonly creditedTax?: TaxRate | null
}

/** What every invoice of a customer in a currency depends on. */
export interface BillingTerms {
  /** The customer's tax; null: none. */
  readonly rate: TaxRate | null
  readonly credit: Money
}

/** Adds the customer's tax and takes their account credit. Under the customer's lock, the invoice comes to the same. */
export async function quoteInvoice(tx: Pick<Transaction, 'query'>, billed: Billed): Promise<Quote> {
  return quoteUnder(await readBillingTerms(tx, billed.customerPk, billed.currency), billed)
}

/** Read once, to quote several times. */
export async function readBillingTerms(
  tx: Pick<Transaction, 'query'>,
  customerPk: number,
  currency: string,
): Promise<BillingTerms> {
  const [row] = await tx.query<{ tax: TaxRate | null; credit: number | null }>(
    `select coalesce(c.tax, p.tax) as tax, a.amount_minor as credit from customer c join project p on p.id = c.project_id
     left join account_credit a on a.customer_pk = c.pk and a.currency = $2 where c.pk = $1`,
    [customerPk, currency],
  )
  return { rate: row?.tax ?? null, credit: { minor: BigInt(row?.credit ?? 0), currency } }
}

export function quoteUnder({ rate, credit }: BillingTerms, billed: Billed): Quote {
  const { lines, tax } = inSteps(withTaxes(billed, rate), billed.currency)
  const total = totalOf(lines, billed.currency)
  const { toPay, used } = applyCredit(total, credit)
  return { lines, rate, tax, total, credit: used, due: toPay }
}

/** Banks count some currencies more coarsely than invoices do: what they can't take is let be, on a line of its own. */
function inSteps(taxed: { lines: readonly PlanLine[]; tax: Money }, currency: string): typeof taxed {
  const { lines, tax } = taxed
  const over = totalOf(lines, currency).minor % chargeStep(currency)
  if (over === 0n) return taxed
  const rounding = {
    description: 'Rounding',
    rateCode: null,
    quantity: ONE,
    amount: { minor: -over, currency },
    proration: false,
  }
  // The tax stays the last line.
  const at = tax.minor === 0n ? lines.length : lines.length - 1
  return { lines: [...lines.slice(0, at), rounding, ...lines.slice(at)], tax }
}

/** Credited lines give back the tax that was on them; of another rate, it is a line of its own. */
function withTaxes(billed: Billed, rate: TaxRate | null): { lines: readonly PlanLine[]; tax: Money } {
  const { lines, currency, creditedTax = rate } = billed
  if (canonicalJson(creditedTax) === canonicalJson(rate)) return withTax(lines, currency, rate)
  const isCredited = ({ amount }: PlanLine) => amount.minor < 0n
  const charged = withTax(
    lines.filter((line) => !isCredited(line)),
    currency,
    rate,
  )
  const credited = withTax(lines.filter(isCredited), currency, creditedTax)
  return { lines: [...charged.lines, ...credited.lines], tax: addMoney(charged.tax, credited.tax) }
}

function withTax(
  lines: readonly PlanLine[],
  currency: string,
  rate: TaxRate | null,
): { lines: readonly PlanLine[]; tax: Money } {
  if (!rate || rate.percent === '0' || lines.length === 0) return { lines, tax: zeroMoney(currency) }
  const taxed = taxLines(
    lines.map(({ amount }) => amount),
    amountOf(rate.percent),
    rate.mode,
  )
  const amount = sumMoney(
    taxed.map((line) => line.tax),
    currency,
  )
  const net = lines.map((line, index) => ({ ...line, amount: taxed[index]?.net ?? line.amount }))
  const description = `${rate.name} ${rate.percent} %`
  return { lines: [...net, { description, rateCode: null, quantity: ONE, amount, proration: false }], tax: amount }
}
