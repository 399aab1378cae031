import { Fault, invalidInput } from '../platform/errors.ts'
import { builder } from './builder.ts'
import { PAGE_LIMIT } from './limits.ts'

/** One page of a list that can grow, newest first, and whether more follows. */
export interface Page<Node> {
  readonly nodes: readonly Node[]
  readonly endCursor: string | null
  readonly hasNextPage: boolean
}

const PageInfo = builder.objectRef<Pick<Page<unknown>, 'endCursor' | 'hasNextPage'>>('PageInfo').implement({
  fields: (t) => ({
    endCursor: t.exposeString('endCursor', { nullable: true }),
    hasNextPage: t.exposeBoolean('hasNextPage'),
  }),
})

/** Declares `<name>Connection` with `nodes` and `pageInfo`. */
export function connectionOf<Node>(
  name: string,
  node: ReturnType<ReturnType<typeof builder.objectRef<Node>>['implement']>,
) {
  return builder.objectRef<Page<Node>>(`${name}Connection`).implement({
    fields: (t) => ({
      nodes: t.field({ type: [node], resolve: ({ nodes }) => [...nodes] }),
      pageInfo: t.field({ type: PageInfo, resolve: (page) => page }),
    }),
  })
}

/** Checks `first`. Throws INVALID_INPUT beyond 1 to 100. */
export function checkFirst(first: number | null | undefined, usual: number): number {
  const size = first ?? usual
  if (size < 1 || size > PAGE_LIMIT) throw invalidInput('first', `first must be between 1 and ${PAGE_LIMIT}`)
  return size
}

/** Cuts the page from one row more than it holds. */
export function toPage<Row, Node>(
  rows: readonly Row[],
  first: number,
  cursorOf: (row: Row) => string,
  nodeOf: (row: Row) => Node,
): Page<Node> {
  const shown = rows.slice(0, first)
  const last = shown.at(-1)
  return {
    nodes: shown.map(nodeOf),
    endCursor: last === undefined ? null : Buffer.from(cursorOf(last)).toString('base64url'),
    hasNextPage: rows.length > first,
  }
}

/** Which rows of a list in order of ids a page is cut from: one more than it holds, those after the cursor. */
export interface PageQuery {
  readonly take: number
  readonly before: string | null
}

const USUAL = 20

/** One page of a list in order of ids, newest first. Throws INVALID_INPUT for `first` and `after`. */
export async function pageOf<Row extends { readonly id: string }>(
  { first, after }: { first?: number | null | undefined; after?: string | null | undefined },
  read: (query: PageQuery) => Promise<readonly Row[]>,
): Promise<Page<Row>> {
  const size = checkFirst(first, USUAL)
  const rows = await read({ take: size + 1, before: readCursor(after, /^[0-9a-f-]{36}$/) })
  return toPage(
    rows,
    size,
    ({ id }) => id,
    (row) => row,
  )
}

/** What `toPage` put into a cursor, if it has the form that is expected. Throws INVALID_INPUT. */
export function readCursor(after: string | null | undefined, form: RegExp): string | null {
  if (after == null) return null
  const text = Buffer.from(after, 'base64url').toString()
  if (form.test(text)) return text
  throw new Fault('INVALID_INPUT', 'after is not a cursor of this list: use pageInfo.endCursor', 'after')
}
