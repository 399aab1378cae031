import { useBillingState } from '@florin/sdk/react'
import { useEffect, useState, useSyncExternalStore } from 'react'

/** A connection that is renewed takes a moment, which is nobody's business. */
const PATIENCE_MS = 1500

/** Says when what is on the screen may no longer be so, and nothing while it is. */
export function ConnectionNotice() {
  const { status, state } = useBillingState()
  const offline = !useSyncExternalStore(watchOnline, () => navigator.onLine)
  const trouble = useLate(offline || status === 'reconnecting' || status === 'error')
  const sentence = offline
    ? 'You are offline. This page goes on by itself when you are back.'
    : state
      ? 'The connection was lost. Trying to get it back; what you see may be out of date.'
      : 'We can’t reach the server. Still trying.'
  return (
    <div role="status" className="connection-notice-place">
      {trouble && (
        <p className="connection-notice">
          <span className="spinner" aria-hidden="true" />
          {sentence}
        </p>
      )}
    </div>
  )
}

function watchOnline(onChange: () => void): () => void {
  addEventListener('online', onChange)
  addEventListener('offline', onChange)
  return () => {
    removeEventListener('online', onChange)
    removeEventListener('offline', onChange)
  }
}

/** True once `condition` has held for a while; false at once. */
function useLate(condition: boolean): boolean {
  const [late, setLate] = useState(false)
  useEffect(() => {
    if (!condition) return setLate(false)
    const timer = setTimeout(() => setLate(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [condition])
  return condition && late
}
