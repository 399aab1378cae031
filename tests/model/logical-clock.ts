const realNow = Date.now
let stoppedAt: number | null = null
/** One function for good: whoever has kept it goes by this clock, too. */
const now = () => stoppedAt ?? realNow()

/**
 * The machine's clock of this process, which stands still until it is told to move: all of Florin's time comes from
 * `Date.now`, so instants can be met to the millisecond.
 */
export const logicalClock = {
  /** Before anything starts that will ask for the time. */
  install(): void {
    Date.now = now
  },
  /** Stands still from now on. */
  stop(): number {
    stoppedAt = realNow()
    return stoppedAt
  },
  pass(ms: number): void {
    stoppedAt = now() + ms
  },
  release(): void {
    stoppedAt = null
    Date.now = realNow
  },
}
