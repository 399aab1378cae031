/** The SDK's only source of time and chance. */
export const now = (): number => Date.now()

/** A name that nobody else has. `randomUUID` would be missing on pages without https. */
export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** Waits, or ends early when `signal` aborts; it never rejects, so the caller looks at the signal where it matters. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const finish = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', finish)
      resolve()
    }
    const timer = setTimeout(finish, milliseconds)
    signal?.addEventListener('abort', finish)
  })
}

/**
 * Exponential back-off in milliseconds: doubles from `first` up to `ceiling`, then a random part of the upper half is
 * taken away, so that clients which were cut off together don't return together.
 */
export function backOff(failures: number, first: number, ceiling: number): number {
  const full = Math.min(ceiling, first * 2 ** Math.min(failures, 30))
  return full * (0.5 + Math.random() / 2)
}

/** The promise's outcome, or a rejection if it takes longer. */
export async function within<Value>(milliseconds: number, promise: Promise<Value>): Promise<Value> {
  const settled = new AbortController()
  const late = sleep(milliseconds, settled.signal).then(() => {
    throw new Error(`no answer in ${milliseconds} ms`)
  })
  late.catch(() => {})
  return await Promise.race([promise, late]).finally(() => settled.abort())
}
