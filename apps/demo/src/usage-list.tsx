import type { LedgerEntry } from '@florin/sdk'
import { useLedger } from '@florin/sdk/react'

/** Every change of the balance with its reason, live. */
export function UsageList() {
  const { value: entries = [], error } = useLedger({ first: 30 })
  return (
    <section className="usage" aria-labelledby="usage-title">
      <h2 id="usage-title">Credits</h2>
      {error && <p className="fine">The list can’t be read just now.</p>}
      {entries.length > 0 && (
        <ol className="usage-list">
          {entries.map((entry) => (
            <UsageRow key={entry.id} entry={entry} />
          ))}
        </ol>
      )}
      <p className="fine">Open a second tab and generate there: this one moves too.</p>
    </section>
  )
}

function UsageRow({ entry }: { entry: LedgerEntry }) {
  const positive = !entry.amount.startsWith('-') && entry.amount !== '0'
  return (
    <li className="usage-row">
      <span className="usage-text">{reasonOf(entry)}</span>
      <span className={positive ? 'usage-amount usage-plus' : 'usage-amount'}>
        {positive ? `+${entry.amount}` : entry.amount.replace('-', '−')}
      </span>
      <span className="usage-after">
        <span className="visually-hidden">balance after: </span>
        {entry.availableAfter}
      </span>
    </li>
  )
}

function reasonOf({ cause, kind }: LedgerEntry): string {
  const { text } = (cause ?? {}) as { text?: string }
  return text ?? kind.toLowerCase()
}
