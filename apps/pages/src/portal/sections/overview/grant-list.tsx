import type { Grant } from '@florin/sdk'
import { english } from '@florin/sdk/react'
import { formatDay, relativeDay } from '../../../days.ts'
import { formatNumber, isZero } from '../../../formats.ts'

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
      <h3 className="grants-title">
        {grants.length > 1 ? 'Where they come from, in the order in which they are used' : 'Where they come from'}
      </h3>
      <ol className="grants-list" aria-label={`${name} by where they come from`}>
        {grants.map((grant) => (
          <GrantItem key={grant.id} grant={grant} timezone={timezone} now={now} />
        ))}
      </ol>
    </div>
  )
}

function GrantItem({ grant, timezone, now }: { grant: Grant; timezone: string; now: number }) {
  const { kind, amount, remaining, held, frozen, expiresAt, effectiveAt, appliesTo } = grant
  const notes = [
    ...(appliesTo.length > 0 ? [`only for ${appliesTo.map(english.meter).join(', ')}`] : []),
    ...(isZero(held) ? [] : [`${formatNumber(held)} reserved`]),
    ...(isZero(frozen) ? [] : [`${formatNumber(frozen)} on hold`]),
  ]
  return (
    <li className="grant">
      <span className="grant-source">{KINDS[kind]}</span>
      <span className="grant-left">
        <strong>{formatNumber(remaining)}</strong> <span className="quiet">of {formatNumber(amount)} left</span>
      </span>
      <span className="grant-notes">
        {Date.parse(effectiveAt) > now ? (
          <span>
            From {formatDay(effectiveAt, timezone)}, {relativeDay(effectiveAt, now, timezone)}
          </span>
        ) : (
          <Expiry at={expiresAt} timezone={timezone} now={now} />
        )}
        {notes.map((note) => (
          <span key={note}>{note}</span>
        ))}
      </span>
    </li>
  )
}

function Expiry({ at, timezone, now }: { at: string | null; timezone: string; now: number }) {
  if (!at) return <span>Never expires</span>
  return (
    <span>
      <span className={Date.parse(at) - now < SOON_MS ? 'grant-soon' : undefined}>
        Expires {relativeDay(at, now, timezone)}
      </span>
      , <time dateTime={at}>{formatDay(at, timezone)}</time>
    </span>
  )
}
