import { useEffect, useState } from 'react'
import { fetchHistory, type HistoryEntry } from './api.ts'
import { useCredits } from './billing.tsx'

/** Every change of the balance with its reason. The live state's version says when there is something new to read. */
export function UsageList() {
  const { state } = useCredits()
  const { entries, failed } = useHistory(state?.version)
  return (
    <section className="usage" aria-labelledby="usage-title">
      <h2 id="usage-title">Credits</h2>
      {failed && <p className="fine">The list can’t be read just now.</p>}
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

function UsageRow({ entry }: { entry: HistoryEntry }) {
  const positive = !entry.amount.startsWith('-') && entry.amount !== '0'
  return (
    <li className="usage-row">
      <span className="usage-text">{entry.cause?.text ?? entry.kind.toLowerCase()}</span>
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

function useHistory(version: number | undefined) {
  const [history, setHistory] = useState<{ entries: HistoryEntry[]; failed: boolean }>({ entries: [], failed: false })
  useEffect(() => {
    if (version === undefined) return
    let newest = true
    fetchHistory().then(
      (entries) => newest && setHistory({ entries, failed: false }),
      () => newest && setHistory((before) => ({ ...before, failed: true })),
    )
    return () => {
      newest = false
    }
  }, [version])
  return history
}
