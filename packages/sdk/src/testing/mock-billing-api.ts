import { FlorinError } from '../client/errors.ts'
import { type BillingApi, createBillingApi } from '../react/api/billing-api.ts'

export interface MockBillingApi {
  readonly api: BillingApi
  /** Each call in order, as it was made. */
  readonly calls: readonly { readonly method: keyof BillingApi; readonly arguments: readonly unknown[] }[]
}

/** What `useBillingApi()` answers: methods that are given, and a refusal by name for the others. Every call is recorded. */
export function mockBillingApi(given: Partial<BillingApi> = {}): MockBillingApi {
  const calls: { method: keyof BillingApi; arguments: unknown[] }[] = []
  const unmocked = createBillingApi({
    request: () => Promise.reject(new Error('not mocked')),
    customerId: async () => 'user_123',
    leadBack: () => ({ successUrl: '', cancelUrl: '' }),
    intend: () => Promise.reject(new Error('not mocked')),
  })
  const methods = Object.keys(unmocked).map((name) => {
    const method = name as keyof BillingApi
    const answer = (given[method] ?? (() => Promise.reject(notMocked(method)))) as (...asked: unknown[]) => unknown
    return [
      method,
      (...asked: unknown[]) => {
        calls.push({ method, arguments: asked })
        return answer(...asked)
      },
    ]
  })
  return { calls, api: Object.fromEntries(methods) as BillingApi }
}

const notMocked = (method: string) =>
  new FlorinError(`${method} has no answer in this test: give mockBillingApi({ ${method}: async () => … })`, {
    code: 'NOT_MOCKED',
  })
