/** What GraphQL answered, whatever it is. */
export interface Answer<Data> {
  readonly status: number
  readonly data: Data | null
  readonly errors: readonly Failure[]
  /** The body as it came. */
  readonly text: string
}

export interface Failure {
  readonly message: string
  readonly extensions: { readonly code: string; readonly field?: string }
}

export interface Question {
  readonly document: string
  readonly variables?: object
  readonly authorization: string | null
  readonly headers?: Readonly<Record<string, string>>
}

/** Asks one GraphQL question over HTTP. */
export async function ask<Data>(graphqlUrl: string, question: Question): Promise<Answer<Data>> {
  const { document, variables = {}, authorization, headers = {} } = question
  const response = await fetch(graphqlUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(authorization === null ? {} : { authorization }),
      ...headers,
    },
    body: JSON.stringify({ query: document, variables }),
  })
  return readAnswer(response)
}

export async function readAnswer<Data>(response: Response): Promise<Answer<Data>> {
  const text = await response.text()
  const { data = null, errors = [] } = parse(text) as { data?: Data | null; errors?: Failure[] }
  return { status: response.status, data, errors, text }
}

function parse(text: string): object {
  try {
    return JSON.parse(text) as object
  } catch {
    return {}
  }
}
