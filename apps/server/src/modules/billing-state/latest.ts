/** A queue of length one: a reader that is slower than the writer gets the newest value and skips the rest. */
export interface Latest<Value> {
  offer(value: Value): void
  end(): void
  readonly iterator: AsyncIterableIterator<Value>
}

/** @param ended runs once, when the reader stops or `end` is called. */
export function createLatest<Value>(ended: () => void): Latest<Value> {
  let next: { value: Value } | null = null
  let waiting: ((result: IteratorResult<Value>) => void) | null = null
  let done = false

  function end(): void {
    if (done) return
    done = true
    waiting?.({ done: true, value: undefined })
    waiting = null
    ended()
  }

  return {
    offer: (value) => {
      if (done) return
      if (waiting) {
        waiting({ done: false, value })
        waiting = null
      } else next = { value }
    },
    end,
    iterator: {
      [Symbol.asyncIterator]() {
        return this
      },
      next: () => {
        if (next) {
          const { value } = next
          next = null
          return Promise.resolve({ done: false, value })
        }
        if (done) return Promise.resolve({ done: true, value: undefined })
        return new Promise((resolve) => {
          waiting = resolve
        })
      },
      return: () => {
        end()
        return Promise.resolve({ done: true, value: undefined })
      },
    },
  }
}
