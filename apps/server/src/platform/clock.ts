/** A project's clock in this process. One object per project, so that moving it moves every copy of the project at once. */
export interface ProjectClock {
  /** Milliseconds ahead of real time; 0 for a LIVE project. */
  offsetMs: number
}

const clocks = new Map<string, ProjectClock>()

/**
 * The shared clock of a project, set to what the database says. It never goes back: a query that was on its way while the
 * clock was moved brings the old offset.
 */
export function clockOf(projectId: string, offsetMs: number): ProjectClock {
  const known = clocks.get(projectId)
  if (!known) {
    const clock = { offsetMs }
    clocks.set(projectId, clock)
    return clock
  }
  known.offsetMs = Math.max(known.offsetMs, offsetMs)
  return known
}

/** Real time, in epoch milliseconds. The one home of the machine's clock: credentials follow it. */
export function realNow(): number {
  return Date.now()
}

/** The project's time, which everything about billing follows: real time, or the sandbox clock. */
export function nowOf({ clock }: { readonly clock: ProjectClock }): number {
  return Date.now() + clock.offsetMs
}
