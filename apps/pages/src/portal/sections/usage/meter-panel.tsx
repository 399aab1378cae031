import { UsageChart, useUsage } from '@florin/sdk/react'
import { useState } from 'react'
import { formatNumber } from '../../../formats.ts'
import { Panel } from '../../panel.tsx'
import { usePortalContents } from '../../portal-context.ts'
import { bucketWords, sumsOf } from './bucket-words.ts'
import { GroupTable } from './group-table.tsx'
import type { ShownMeter } from './use-meters.ts'
import type { Span } from './use-span.ts'

type MeterPanelProps = { meter: ShownMeter; span: Span; groupBy: string | null }

/** What one meter counted: its chart, what it comes to, and the numbers behind it. */
export function MeterPanel({ meter: { meter, name }, span, groupBy }: MeterPanelProps) {
  const { from, to, granularity } = span
  // Kept over other days, for which the numbers are gone for a moment.
  const [open, setOpen] = useState(false)
  const { value: buckets } = useUsage({ meter, from, to, granularity })
  return (
    <Panel title={name} aside={buckets && <Sums {...sumsOf(buckets)} />}>
      <UsageChart meter={meter} from={from} to={to} granularity={granularity} title={name} className="usage-chart" />
      {groupBy && <GroupTable meter={meter} span={span} groupBy={groupBy} />}
      {buckets && buckets.length > 0 && (
        <details className="numbers" open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
          <summary className="numbers-summary">Show the numbers</summary>
          <Numbers name={name} buckets={buckets} granularity={granularity} />
        </details>
      )}
    </Panel>
  )
}

function Sums({ quantity, credits }: { quantity: string; credits: string }) {
  return (
    <p className="usage-sums">
      <strong>{formatNumber(quantity)}</strong>
      <span className="quiet"> · {formatNumber(credits)} credits</span>
    </p>
  )
}

type NumbersProps = {
  name: string
  buckets: readonly { start: string; quantity: string; credits: string }[]
  granularity: Span['granularity']
}

const TIMES: Readonly<Record<Span['granularity'], string>> = { HOUR: 'Hour', DAY: 'Day', MONTH: 'Month' }

/** The newest first, as somebody looks for yesterday more often than for last month. */
function Numbers({ name, buckets, granularity }: NumbersProps) {
  const { timezone } = usePortalContents().portal
  return (
    <div className="table-place">
      <table className="table">
        <caption className="visually-hidden">{name}</caption>
        <thead>
          <tr>
            <th scope="col">{TIMES[granularity]}</th>
            <th scope="col">{name}</th>
            <th scope="col">Credits</th>
          </tr>
        </thead>
        <tbody>
          {buckets.toReversed().map(({ start, quantity, credits }) => (
            <tr key={start}>
              <th scope="row">{bucketWords(start, granularity, timezone)}</th>
              <td>{formatNumber(quantity)}</td>
              <td>{formatNumber(credits)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
