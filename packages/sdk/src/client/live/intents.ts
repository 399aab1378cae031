import { FlorinConnectionError, FlorinError } from '../errors.ts'
import { newKey } from '../timing.ts'

/**
 * Gives each intent of a person its idempotency key. The same operation with the same input is the same click while the first
 * is on its way, and after it for as long as nobody knows how it ended: it can't take effect twice. Once it is answered, the
 * same again is a new intent.
 */
export function createIntents() {
  const open = new Map<string, { readonly key: string; running?: Promise<unknown> }>()

  return <Result>(operation: string, input: object, send: (key: string) => Promise<Result>): Promise<Result> => {
    const name = JSON.stringify([operation, input])
    const intent = open.get(name) ?? { key: newKey() }
    if (intent.running) return intent.running as Promise<Result>
    open.set(name, intent)
    const running = send(intent.key).then(
      (result) => {
        open.delete(name)
        return result
      },
      (error: unknown) => {
        if (isAnswered(error)) open.delete(name)
        else delete intent.running
        throw error
      },
    )
    intent.running = running
    return running
  }
}

/** The API said no: nothing has happened, and nothing will. */
const isAnswered = (error: unknown) =>
  error instanceof FlorinError && !(error instanceof FlorinConnectionError) && !error.retryable
