import { useMemo } from 'react'
import type { FlorinError } from '../client/errors.ts'
import type { AccessDecision, AccessReason, DecimalInput, Remedy } from '../client/types.ts'
import { useBillingSession } from './billing-session-provider.tsx'
import { useStore } from './use-store.ts'

export interface PaywallOptions {
  /** Of the meter's unit; 1 unless said otherwise. */
  readonly quantity?: DecimalInput
  /** For prices that depend on an event's properties. */
  readonly properties?: Readonly<Record<string, unknown>>
}

export interface UsePaywall {
  /** False while loading: what has not been decided is not allowed. */
  readonly allowed: boolean
  readonly reason: AccessReason | null
  /** In credits, as exact decimals. */
  readonly cost: string | null
  readonly available: string | null
  /** The public cards and bundles that would lift a refusal. */
  readonly remedies: readonly Remedy[]
  readonly loading: boolean
  readonly decision: AccessDecision | null
  readonly error: FlorinError | null
}

const NO_REMEDIES: readonly Remedy[] = []

/**
 * Whether this usage would be allowed now, live. It is for showing; what really happens is decided by `consume` on your
 * backend.
 */
export function usePaywall(meter: string, { quantity = 1, properties }: PaywallOptions = {}): UsePaywall {
  const session = useBillingSession()
  const { value: decision, error } = useStore(session.decision({ meter, quantity, properties }))
  return useMemo(
    () => ({
      allowed: decision?.allowed ?? false,
      reason: decision?.reason ?? null,
      cost: decision?.cost ?? null,
      available: decision?.available ?? null,
      remedies: decision?.remedies ?? NO_REMEDIES,
      loading: decision === undefined && error === undefined,
      decision: decision ?? null,
      error: error ?? null,
    }),
    [decision, error],
  )
}
