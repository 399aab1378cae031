import { type Arrears, amountOf, type Credits, formatAmount, periodContaining, type Span } from '@florin/core'
import { arrayOf, type Transaction } from '../../platform/database.ts'
import type { Catalog, PublishedCard } from '../catalog/read-catalog.ts'
import { readEndedPeriods } from './read-ended-periods.ts'
import type { EndedPeriod, Subscription } from './read-subscriptions.ts'

/** Overage of one meter in one period that no invoice has had yet, or that was taken back after one had it. */
export interface Arrear {
  readonly meterPk: number
  readonly period: Span
  /** The card that prices it: the one that was in force at the period's end. */
  readonly card: PublishedCard
  readonly rateCode: string
  readonly credits: Credits
  readonly invoiced: Credits
}

/**
 * What the customer owes for usage under a subscription: overage of the running period, which ends with this, and of
 * earlier ones whose usage came, or was taken back, after their invoice.
 */
export async function readArrears(
  tx: Transaction,
  catalog: Catalog,
  subscription: Subscription,
  card: PublishedCard,
): Promise<Arrear[]> {
  const { customerPk, currentPeriodStart } = subscription
  const rows = await tx.query<{ meter_pk: number; period_start: number; overage: string; invoiced_overage: string }>(
    `select meter_pk, period_start, overage, invoiced_overage from meter_period
     where customer_pk = $1 and period_start <= $2 and overage <> invoiced_overage order by period_start, meter_pk`,
    [customerPk, new Date(currentPeriodStart)],
  )
  if (rows.length === 0) return []
  const ended = await readEndedPeriods(tx, [customerPk], Math.min(...rows.map((row) => row.period_start)))
  return rows.flatMap((row) => {
    const { period, cardPk } = periodOf(subscription, ended, card, row.period_start)
    const priced = pricedBy(catalog, catalog.versionsByPk.get(cardPk) ?? card, row.meter_pk)
    const rate = priced.ratesByMeter.get(row.meter_pk)
    if (!rate || priced.card.currency !== card.card.currency) return [] // another subscription's
    const [credits, invoiced] = [amountOf<'credits'>(row.overage), amountOf<'credits'>(row.invoiced_overage)]
    return [{ meterPk: row.meter_pk, period, card: priced, rateCode: rate.code, credits, invoiced }]
  })
}

function periodOf(subscription: Subscription, ended: readonly EndedPeriod[], { card }: PublishedCard, start: number) {
  const { currentPeriodStart, currentPeriodEnd, cardPk, anchorAt, timezone } = subscription
  if (start === currentPeriodStart) return { period: { start, end: currentPeriodEnd }, cardPk }
  const found = ended.find((period) => period.start === start)
  if (found) return { period: { start, end: found.end }, cardPk: found.cardPk }
  return { period: periodContaining(anchorAt, card.interval, timezone, start), cardPk }
}

/** A version that moved its subscribers NOW may have no price for overage that came before it: then the one before has. */
function pricedBy({ versionsByPk }: Catalog, version: PublishedCard, meterPk: number): PublishedCard {
  if (version.ratesByMeter.get(meterPk)?.overage === 'CHARGE') return version
  const { code, version: number } = version.card
  const earlier = [...versionsByPk.values()].filter(({ card }) => card.code === code && card.version < number)
  return earlier.findLast(({ ratesByMeter }) => ratesByMeter.get(meterPk)?.overage === 'CHARGE') ?? version
}

/** The same as core bills them: the running period first. */
export function inBillingOrder(arrears: readonly Arrear[], currentPeriodStart: number): Arrears[] {
  const isCurrent = ({ period }: Arrear) => period.start === currentPeriodStart
  const ordered = [...arrears.filter(isCurrent), ...arrears.filter((arrear) => !isCurrent(arrear))]
  return ordered.map(({ card, period, ...overage }) => ({ card: card.card, period, overage: [overage] }))
}

/** Writes down that an invoice has had them: beside the meters' counts, and with the invoice, so that it can be undone. */
export function markInvoiced(
  tx: Transaction,
  customerPk: number,
  arrears: readonly Arrear[],
  invoice: { readonly id: string } | null,
): void {
  if (arrears.length === 0) return
  tx.send(
    `update meter_period m set invoiced_overage = m.overage
     from unnest($2::int[], $3::timestamptz[]) as w(meter_pk, period_start)
     where m.customer_pk = $1 and m.meter_pk = w.meter_pk and m.period_start = w.period_start`,
    [
      customerPk,
      arrayOf(arrears.map(({ meterPk }) => meterPk)),
      arrayOf(arrears.map(({ period }) => new Date(period.start).toISOString())),
    ],
  )
  if (!invoice) return
  const undo = arrears.map(({ meterPk, period, invoiced }) => ({
    meter_pk: meterPk,
    period_start: new Date(period.start),
    invoiced: formatAmount(invoiced),
  }))
  tx.send(`update invoice set arrears = $2 where id = $1`, [invoice.id, JSON.stringify(undo)])
}

/** Takes back what `markInvoiced` wrote for an invoice that is void. */
export function unmarkInvoiced(tx: Transaction, customerPk: number, invoiceId: string): void {
  tx.send(
    `update meter_period m set invoiced_overage = w.invoiced
     from invoice i, jsonb_to_recordset(i.arrears) as w(meter_pk int, period_start timestamptz, invoiced numeric)
     where i.id = $2 and m.customer_pk = $1 and m.meter_pk = w.meter_pk and m.period_start = w.period_start`,
    [customerPk, invoiceId],
  )
}
