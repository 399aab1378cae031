import { useBillingState } from '@florin/sdk/react'
import { useEffect, useRef, useState } from 'react'

const MINUTE_MS = 60_000

/** Now as the project sees it, to the minute: a sandbox's clock is ahead of this machine's. */
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
  return Date.now() + told.current.offset
}
