import { nowOf, realNow } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import { notFound } from '../../platform/errors.ts'
import type { Log } from '../../platform/log.ts'
import type { Pubsub } from '../../platform/pubsub.ts'
import type { ReadCustomerKey } from '../accounts/read-customer-key.ts'
import type { Project } from '../accounts/viewer.ts'
import { readVersions } from '../ledger/load-accounts.ts'
import { settleDueAccounts } from '../ledger/settle-due-accounts.ts'
import { type BillingState, lineOf, nextDueAt, versionOf } from './assemble-billing-state.ts'
import { createHearVersions, type Hearing, type HearVersions, hearVersion, versionHeard } from './hear-versions.ts'
import { createLatest, type Latest } from './latest.ts'
import type { ReadBillingState } from './read-billing-state.ts'

/** The live feed: the current state at once, then each newer one, merged to at most about 20 a second. */
export interface BillingStateFeed {
  /** Throws NOT_FOUND. */
  watch(project: Project, customerId: string): Promise<AsyncIterableIterator<BillingState>>
  close(): void
}

interface FeedDeps {
  readonly database: Database
  readonly pubsub: Pubsub
  readonly customerKey: ReadCustomerKey
  readonly readBillingState: ReadBillingState
  readonly log: Log
}

/** One watched customer of this process, whoever watches. Their state changes with them and with all above them. */
interface Watched extends Hearing {
  readonly project: Project
  readonly customerId: string
  readonly customerPk: number
  readonly readers: Set<Latest<BillingState>>
  /** The newest version of the state that was handed to the readers. */
  shown: number
  /** The newest one that was heard of. */
  heard: number
  state: BillingState | null
  lastShownAt: number
  refreshing: boolean
}

const MERGE_MS = 50
// Losing Redis costs at most this long: source architecture.md, "The live balance".
const SWEEP_MS = 1_500

export function createBillingStateFeed(deps: FeedDeps): BillingStateFeed {
  const watched = new Map<number, Watched>()
  const hearing = createHearVersions<Watched>()
  const unsubscribe = deps.pubsub.subscribe((announcements) => {
    for (const { key, version } of announcements) hearOf(key, version)
  })
  const sweeping = setInterval(() => void sweep(deps, watched, hearing, hearOf).catch(reportSweep), SWEEP_MS)

  function reportSweep(error: unknown): void {
    deps.log.warn({ err: error }, 'the live feed could not ask for versions; it asks again')
  }

  function hearOf(customerPk: number, version: number): void {
    for (const entry of hearing.of(customerPk)) {
      if (hearVersion(entry, customerPk, version)) hear(entry, versionHeard(entry))
    }
  }

  function hear(entry: Watched, version: number): void {
    entry.heard = version
    if (entry.refreshing) return
    entry.refreshing = true
    setTimeout(() => void refresh(entry), Math.max(0, entry.lastShownAt + MERGE_MS - realNow()))
  }

  async function refresh(entry: Watched): Promise<void> {
    try {
      const state = await deps.readBillingState(entry.project, entry.customerId)
      show(entry, state, hearing)
    } catch (error) {
      deps.log.warn({ err: error }, 'the live feed could not read a state; the sweep tries again')
      entry.heard = entry.shown
      for (const pk of entry.versions.keys()) entry.versions.set(pk, -1)
    } finally {
      entry.refreshing = false
    }
    if (entry.heard > entry.shown) hear(entry, entry.heard)
  }

  return {
    watch: async (project, customerId) => {
      const customerPk = await deps.customerKey(project, customerId)
      if (customerPk === null) throw notFound('customer', customerId, 'customerId')
      // Subscribed before the snapshot is read: what changes in between is heard.
      const entry = watched.get(customerPk) ?? newlyWatched(project, customerId, customerPk)
      watched.set(customerPk, entry)
      if (entry.state === null) hearing.follow(entry, [customerPk])
      const reader = createLatest<BillingState>(() => {
        entry.readers.delete(reader)
        if (entry.readers.size > 0) return
        hearing.follow(entry, [])
        if (watched.get(customerPk) === entry) watched.delete(customerPk)
      })
      entry.readers.add(reader)
      const state = await deps.readBillingState(project, customerId)
      show(entry, state, hearing)
      // Who stands above is known only now: what happened to them since is in another reading.
      if (state.ancestors.length > 0) show(entry, await deps.readBillingState(project, customerId), hearing)
      reader.offer(entry.state ?? state)
      return reader.iterator
    },
    close: () => {
      unsubscribe()
      clearInterval(sweeping)
      for (const { readers } of watched.values()) for (const reader of readers) reader.end()
    },
  }
}

function newlyWatched(project: Project, customerId: string, customerPk: number): Watched {
  return {
    project,
    customerId,
    customerPk,
    readers: new Set(),
    versions: new Map(),
    shown: -1,
    heard: -1,
    state: null,
    lastShownAt: 0,
    refreshing: false,
  }
}

/** Hands a state to the readers, unless they have a newer one. */
function show(entry: Watched, state: BillingState, hearing: HearVersions<Watched>): void {
  const version = versionOf(state)
  if (version <= entry.shown) return
  const line = lineOf(state)
  // Whoever was moved hears of others from now on.
  if (entry.readers.size > 0) {
    hearing.follow(
      entry,
      line.map(({ customerPk }) => customerPk),
    )
  }
  for (const { customerPk, account } of line) hearVersion(entry, customerPk, account.version)
  entry.shown = version
  entry.heard = Math.max(version, versionHeard(entry))
  entry.state = state
  entry.lastShownAt = realNow()
  for (const reader of entry.readers) reader.offer(state)
}

/** Asks the database for the versions of all who are heard of, in one query: what a lost message would have said. */
async function sweep(
  deps: FeedDeps,
  watched: ReadonlyMap<number, Watched>,
  hearing: HearVersions<Watched>,
  hearOf: (customerPk: number, version: number) => void,
): Promise<void> {
  if (watched.size === 0) return
  for (const { state, project } of watched.values()) {
    const now = nowOf(project)
    const due = state ? lineOf(state).filter((member) => nextDueAt(member) <= now) : []
    for (const { customerPk } of due) await settleDueAccounts(deps, customerPk, now)
  }
  const versions = await readVersions(deps.database, hearing.customers())
  for (const [customerPk, version] of versions) hearOf(customerPk, version)
}
