/** The one home of real time. Billing asks a project's clock; credentials ask real time. */
export interface ClockOffset {
  /** Milliseconds ahead of real time; 0 for a LIVE project. */
  readonly clockOffsetMs: number
}

/** Real time, in epoch milliseconds. */
export function realNow(): number {
  return Date.now()
}

/** The project's time: real time, or the sandbox clock. */
export function nowOf(project: ClockOffset): number {
  return Date.now() + project.clockOffsetMs
}
