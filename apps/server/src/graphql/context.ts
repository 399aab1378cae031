import type { App } from '../app.ts'
import type { Viewer } from '../modules/accounts/viewer.ts'
import type { Fault } from '../platform/errors.ts'

/** What every resolver gets: who is asking, and the parts of the server that answer. */
export interface Context {
  readonly app: App
  readonly viewer: Viewer | null
  /** Why there is no viewer. */
  readonly refusal: Fault | null
}

/** A context whose viewer is known: what resolvers of fields with access 'secret' or 'customer' get. */
export function viewerOf(context: Context): Viewer {
  if (context.viewer) return context.viewer
  throw context.refusal ?? new Error('a field without public access was reached without a viewer')
}
