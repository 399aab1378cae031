import fc from 'fast-check'
import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the random examples of this run begin. */
    propertySeed: number
  }
}

fc.configureGlobal({ seed: inject('propertySeed') })
