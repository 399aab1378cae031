/** Something that changes with several customers: with the newest version that was heard of each of them. */
export interface Hearing {
  readonly versions: Map<number, number>
}

/** Who has to hear of which customer. */
export interface HearVersions<Entry extends Hearing> {
  /** Those who hear of the customer. */
  of(customerPk: number): Iterable<Entry>
  customers(): number[]
  /** From now on the entry hears of these customers, and of no others. */
  follow(entry: Entry, customerPks: readonly number[]): void
}

const NOBODY: ReadonlySet<never> = new Set()

export function createHearVersions<Entry extends Hearing>(): HearVersions<Entry> {
  const listening = new Map<number, Set<Entry>>()

  function leave(entry: Entry, customerPk: number): void {
    entry.versions.delete(customerPk)
    const others = listening.get(customerPk)
    others?.delete(entry)
    if (others?.size === 0) listening.delete(customerPk)
  }

  return {
    of: (customerPk) => listening.get(customerPk) ?? NOBODY,
    customers: () => [...listening.keys()],
    follow: (entry, customerPks) => {
      for (const pk of [...entry.versions.keys()]) if (!customerPks.includes(pk)) leave(entry, pk)
      for (const pk of customerPks) {
        listening.set(pk, (listening.get(pk) ?? new Set()).add(entry))
        if (!entry.versions.has(pk)) entry.versions.set(pk, -1)
      }
    },
  }
}

/** Whether the version is news to the entry; then it is remembered. */
export function hearVersion({ versions }: Hearing, customerPk: number, version: number): boolean {
  if (version <= (versions.get(customerPk) ?? -1)) return false
  versions.set(customerPk, version)
  return true
}

/** The version of what changes with all of them. */
export function versionHeard({ versions }: Hearing): number {
  return [...versions.values()].reduce((sum, version) => sum + version, 0)
}
