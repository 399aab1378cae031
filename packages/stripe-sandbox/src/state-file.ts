import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createStore, restore, type Snapshot, type Store, snapshotOf } from './store.ts'

/** The shortest time between a change and its being on disk. */
const SAVE_DELAY_MS = 50
/** Writing takes at most one part in this many of the time, however large the state grows. */
const SAVE_SHARE = 20

export interface PersistentStore {
  readonly store: Store
  /** Writes what is not yet written. */
  close(): Promise<void>
}

/**
 * A store that survives restarts in one JSON file. Each save goes to a temporary file first and is then renamed, so that
 * a crash leaves the file before or after the change, never half of it. Without a file the store is in memory only.
 *
 * @throws if the file exists and is not a state file.
 */
export function openStore(file: string | undefined): PersistentStore {
  if (file === undefined) return { store: createStore(() => {}), close: async () => {} }
  const saver = createSaver(file, () => JSON.stringify(snapshotOf(store)))
  const store = createStore(() => saver.changed())
  if (existsSync(file)) restore(store, JSON.parse(readFileSync(file, 'utf8')) as Snapshot)
  else mkdirSync(dirname(file), { recursive: true })
  return { store, close: () => saver.flush() }
}

function createSaver(file: string, content: () => string) {
  let timer: NodeJS.Timeout | undefined
  let dirty = false
  let delay = SAVE_DELAY_MS
  let writing = Promise.resolve()

  async function save(): Promise<void> {
    timer = undefined
    if (!dirty) return
    dirty = false
    const started = performance.now()
    await writeFile(`${file}.tmp`, content())
    await rename(`${file}.tmp`, file)
    delay = Math.max(SAVE_DELAY_MS, (performance.now() - started) * SAVE_SHARE)
  }

  function enqueue(): Promise<void> {
    writing = writing.then(save, save)
    return writing
  }

  return {
    changed(): void {
      dirty = true
      timer ??= setTimeout(() => enqueue().catch((error) => reportFailure(file, error)), delay)
    },
    flush(): Promise<void> {
      clearTimeout(timer)
      return enqueue()
    },
  }
}

function reportFailure(file: string, error: unknown): void {
  process.emitWarning(`The sandbox's state was not saved to ${file}: ${String(error)}`)
}
