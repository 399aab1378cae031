import type { Grant } from '@florin/sdk'
import { formatNumber } from '../../../formats.ts'
import { formatDay, relativeDay } from '../../days.ts'
import { isZero } from '../../decimal.ts'
import { humanize } from '../../rate-card-words.ts'

const KINDS: Record<Grant['kind'], string> = {
  ALLOWANCE: 'From your plan',
  ROLLOVER: 'Rolled over',
  PROMOTIONAL: 'A gift',
  PREPAID: 'Bought',
  COMMITTED: 'From your contract',
}

const SOON_MS = 7 * 86_400_000

type GrantListProps = { grants: readonly Grant[]; timezone: string; now: number; name: string }

/** Where the credits come from, in the order in which they are used. */
export function GrantList({ grants, timezone, now, name }: GrantListProps) {
  if (grants.length === 0) return null
  return (
    <div className="grants">
      <table className="grants-table">
        <caption className="visually-hidden">
          {name} by where they come from, in the order in which they are used
        </caption>
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">Left</th>
            <th scope="col">Expires</th>
          </tr>
        </thead>
        <tbody>
          {grants.map((grant) => (
            <GrantRow key={grant.id} grant={grant} timezone={timezone} now={now} />
          ))}
        </tbody>
      </table>
      {grants.length > 1 && <p className="quiet small">They are used from the top down.</p>}
    </div>
  )
}

function GrantRow({ grant, timezone, now }: { grant: Grant; timezone: string; now: number }) {
  const { kind, amount, remaining, held, frozen, expiresAt, effectiveAt, appliesTo } = grant
  const ahead = Date.parse(effectiveAt) > now
  return (
    <tr>
      <th scope="row">
        {KINDS[kind]}
        {appliesTo.length > 0 && <span className="grant-note">only for {appliesTo.map(humanize).join(', ')}</span>}
        {ahead && (
          <span className="grant-note">
            from {formatDay(effectiveAt, timezone)}, {relativeDay(effectiveAt, now, timezone)}
          </span>
        )}
        {!isZero(held) && <span className="grant-note">{formatNumber(held)} reserved</span>}
        {!isZero(frozen) && <span className="grant-note">{formatNumber(frozen)} on hold</span>}
      </th>
      <td>
        <strong>{formatNumber(remaining)}</strong> <span className="quiet">of {formatNumber(amount)}</span>
      </td>
      <td>
        {expiresAt ? <Expiry at={expiresAt} timezone={timezone} now={now} /> : <span className="quiet">Never</span>}
      </td>
    </tr>
  )
}

function Expiry({ at, timezone, now }: { at: string; timezone: string; now: number }) {
  const soon = Date.parse(at) - now < SOON_MS
  return (
    <>
      <span className={soon ? 'grant-soon' : undefined}>{relativeDay(at, now, timezone)}</span>
      <time className="grant-note" dateTime={at}>
        {formatDay(at, timezone)}
      </time>
    </>
  )
}
