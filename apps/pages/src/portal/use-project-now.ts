import { useBillingState } from '@florin/sdk/react'
import { useEffect, useRef, useState } from 'react'

const MINUTE_MS = 60_000

/**
 * Now as the project sees it, to the minute: a sandbox's clock is ahead of this machine's. While it is moved, a state may be
 * as of an instant on the way; a period that has begun tells that it is later.
 */
export function useProjectNow(): number {
  const { state } = useBillingState()
  const told = useRef({ at: '', offset: 0 })
  if (state && state.at !== told.current.at) {
    told.current = { at: state.at, offset: Date.parse(state.at) - Date.now() }
  }
  const [, tick] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), MINUTE_MS)
    return () => clearInterval(timer)
  }, [])
  const begun = state?.subscriptions.map(({ currentPeriodStart }) => Date.parse(currentPeriodStart)) ?? []
  return Math.max(Date.now() + told.current.offset, ...begun)
}
