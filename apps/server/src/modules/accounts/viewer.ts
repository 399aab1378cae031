import type { ProjectClock } from '../../platform/clock.ts'
import { Fault } from '../../platform/errors.ts'

/** The tenant, as every command needs it. */
export interface Project {
  readonly id: string
  readonly name: string
  readonly mode: 'SANDBOX' | 'LIVE'
  readonly clock: ProjectClock
  readonly tokenSecret: string
  readonly allowedOrigins: readonly string[]
}

/** Who is asking: a backend with a secret key, or one customer's browser with a customer token. */
export type Viewer =
  | { readonly role: 'secret'; readonly project: Project }
  | {
      readonly role: 'customer'
      readonly project: Project
      readonly customerId: string
      readonly expiresAt: number
      /** The token is a portal session's own. */
      readonly ofPortal: boolean
    }

/** Lets a secret key pass for any customer of its project, and a customer token for its own customer only. */
export function mayActFor(viewer: Viewer, customerId: string): void {
  if (viewer.role === 'customer' && viewer.customerId !== customerId) {
    throw new Fault('FORBIDDEN', 'this customer token is for another customer')
  }
}
