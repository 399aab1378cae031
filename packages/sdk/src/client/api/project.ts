import * as operations from '../../generated/operations.ts'
import type { Request } from '../transport.ts'

export const projectMethods = (request: Request) => ({
  /** Now, as this project sees it: real time, or the sandbox clock. */
  clock: async () => (await request(operations.ClockDocument, {})).clock,

  /**
   * Replaces the web origins that may call the API from a browser and that redirects may lead to, such as
   * "https://app.example.com". Localhost is one of them in a sandbox without being named.
   */
  setAllowedOrigins: async (origins: string[]) =>
    (await request(operations.SetAllowedOriginsDocument, { origins })).setAllowedOrigins,
})
