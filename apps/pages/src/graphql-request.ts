/** The server could not be reached, or answered with a fault. `code` is the stable `extensions.code`, null when there was no answer. */
export class RequestFailed extends Error {
  readonly code: string | null

  constructor(message: string, code: string | null) {
    super(message)
    this.name = 'RequestFailed'
    this.code = code
  }
}

type Answer<Data> = { data?: Data | null; errors?: { message: string; extensions?: { code?: string } }[] }

/** A charge may take the bank half a minute; waiting longer than that is what asking again is for. */
const TIMEOUT_MS = 40_000

/**
 * Asks this origin's GraphQL endpoint. The token in the variables is the credential; in the portal there is the customer's too.
 * @throws RequestFailed for every way in which there is no `data`.
 */
export async function graphqlRequest<Data>(
  query: string,
  variables: Record<string, unknown>,
  customerToken?: string,
): Promise<Data> {
  const answer = await post<Data>(JSON.stringify({ query, variables }), customerToken)
  const fault = answer.errors?.[0]
  if (fault) throw new RequestFailed(fault.message, fault.extensions?.code ?? null)
  if (!answer.data) throw new RequestFailed('The answer holds no data', null)
  return answer.data
}

async function post<Data>(body: string, customerToken?: string): Promise<Answer<Data>> {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    ...(customerToken ? { authorization: `Bearer ${customerToken}` } : {}),
  }
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  try {
    const response = await fetch('/graphql', { method: 'POST', headers, body, signal, credentials: 'omit' })
    return (await response.json()) as Answer<Data>
  } catch (cause) {
    throw new RequestFailed(`The server did not answer: ${String(cause)}`, null)
  }
}
