import { FlorinError } from '@florin/sdk'
import { useCallback, useRef, useState } from 'react'

/** What a person should know of a failure, and which input it is about, if it is about one. */
export type ActionFault = { sentence: string; field: string | undefined }

/** One thing at a time that a button does: whether it is being done, and why it could not be. A second click is ignored. */
export function useAction() {
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<ActionFault | null>(null)
  const running = useRef(false)
  const run = useCallback(async (work: () => Promise<void>): Promise<void> => {
    if (running.current) return
    running.current = true
    setBusy(true)
    setFault(null)
    try {
      await work()
    } catch (failure) {
      setFault(faultOf(failure))
    } finally {
      running.current = false
      setBusy(false)
    }
  }, [])
  const forget = useCallback(() => setFault(null), [])
  return { busy, fault, run, forget }
}

const OUTCOME_UNKNOWN =
  'We could not hear back from the server. What you see here shows whether it worked; if not, try again.'
const PASSING: Record<string, string> = {
  CONNECTION_FAILED: OUTCOME_UNKNOWN,
  TIMED_OUT: OUTCOME_UNKNOWN,
  PAYMENT_PROVIDER_UNAVAILABLE:
    'Payments are not available right now. Nothing was charged. Please try again in a minute.',
  RATE_LIMITED: 'That was a lot at once. Please wait a moment and try again.',
  INTERNAL: 'Something went wrong on our side. Please try again.',
  UNAUTHENTICATED: 'Your visit here has ended. Go back to the app and open this page again.',
}

export function faultOf(failure: unknown): ActionFault {
  if (!(failure instanceof FlorinError)) return { sentence: PASSING.INTERNAL as string, field: undefined }
  return { sentence: PASSING[failure.code] ?? asSentence(failure.message), field: failure.field }
}

/** Messages of the API are written for people, but begin like the rest of a line. */
function asSentence(message: string): string {
  const text = `${message.charAt(0).toUpperCase()}${message.slice(1)}`
  return /[.!?…]$/.test(text) ? text : `${text}.`
}
