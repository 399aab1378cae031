const realNow = Date.now

/**
 * The machine's clock of this process, which stands still until it is told to move: all of Florin's time comes from
 * `Date.now`, so instants can be met to the millisecond.
 */
export const logicalClock = {
  stop(): number {
    const now = realNow()
    Date.now = () => now
    return now
  },
  pass(ms: number): void {
    const now = Date.now() + ms
    Date.now = () => now
  },
  release(): void {
    Date.now = realNow
  },
}
