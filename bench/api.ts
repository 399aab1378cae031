/** Where a Florin answers, and the key to it. */
export interface Api {
  readonly port: number
  readonly secretKey: string
}

/** Asks the API. Throws at the first error of the answer. */
export async function callApi<Data>(
  { port, secretKey }: Api,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  signal: AbortSignal | null = null,
): Promise<Data> {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${secretKey}` },
    body: JSON.stringify({ query, variables }),
    signal,
  })
  const { data, errors } = (await response.json()) as { data?: Data; errors?: { message: string }[] }
  if (!data || errors) throw new Error(`the API answered ${errors?.[0]?.message ?? response.status}`)
  return data
}
