import { useUsage } from '@florin/sdk/react'
import { formatNumber } from '../../../formats.ts'
import { groupsOf } from './bucket-words.ts'
import type { Span } from './use-span.ts'

type GroupTableProps = { meter: string; span: Span; groupBy: string }

/** What each value of a property came to, with its share. */
export function GroupTable({ meter, span: { from, to, granularity }, groupBy }: GroupTableProps) {
  const { value: buckets, loading, error } = useUsage({ meter, from, to, granularity, groupBy })
  if (loading) return <p className="line-skeleton" role="status" aria-label="Loading the groups…" />
  if (!buckets) return error ? <p className="quiet">The groups can’t be shown at the moment.</p> : null
  const groups = groupsOf(buckets)
  if (groups.length === 0) return null
  return (
    <div className="table-place">
      <table className="table">
        <caption className="table-caption">By {groupBy}</caption>
        <thead className="visually-hidden">
          <tr>
            <th scope="col">{groupBy}</th>
            <th scope="col">Quantity</th>
            <th scope="col">Credits</th>
          </tr>
        </thead>
        <tbody>
          {groups.map(({ name, quantity, credits, share }) => (
            <tr key={name ?? ''}>
              <th scope="row">
                {name ?? 'Without'}
                <svg className="share" aria-hidden="true" focusable="false">
                  <rect className="share-bar" width={`${share}%`} height="100%" rx="2" />
                </svg>
              </th>
              <td>{formatNumber(quantity)}</td>
              <td>{formatNumber(credits)} credits</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
