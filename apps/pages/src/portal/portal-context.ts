import { createContext, useContext } from 'react'
import type { Portal } from './portal-api.ts'

export type PortalContents = {
  portal: Portal
  /** Tells a screen reader, politely, what has changed: `announce('You’re on Premium now')`. */
  announce: (news: string) => void
  /** A customer token of this moment, for what the SDK has no method for. Throws RequestFailed when the session has ended. */
  fetchToken: () => Promise<string>
}

export const PortalContext = createContext<PortalContents | null>(null)

/** The session whose page this is, for whatever stands in a section. */
export function usePortalContents(): PortalContents {
  const contents = useContext(PortalContext)
  if (!contents) throw new Error('there is no portal around this component')
  return contents
}
