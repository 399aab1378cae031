import { createLiveAnswer } from './live-answer.ts'
import type { LiveBillingState } from './live-billing-state.ts'
import type { LoadedStore } from './load-once.ts'

/** The beginning of a list, as far as somebody has asked to see it. */
export interface Listed<Node> {
  readonly nodes: readonly Node[]
  readonly hasMore: boolean
}

export interface ListStore<Node> extends LoadedStore<Listed<Node>> {
  /** One page more. It settles when the page is there, and never rejects: an error stands in the snapshot. */
  readonly loadMore: () => Promise<void>
}

export interface Page<Node> {
  readonly nodes: readonly Node[]
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean }
}

export type ReadPage<Node> = (page: { first: number; after: string | null }) => Promise<Page<Node>>

/** What the API gives at once. */
const LARGEST_PAGE = 100

/**
 * A list that grows at its head and is read from there. All that is shown is asked for together, so that nothing is missing
 * or stands twice when something was added meanwhile.
 */
export function createLiveList<Node>(
  live: LiveBillingState,
  { first, everyMs, read }: { first: number; everyMs: number; read: ReadPage<Node> },
): ListStore<Node> {
  let wanted = first
  const answer = createLiveAnswer(live, { everyMs, ask: () => readPages(read, wanted) })
  return {
    ...answer,
    loadMore: () => {
      const { value } = answer.getSnapshot()
      if (!value?.hasMore) return Promise.resolve()
      wanted = value.nodes.length + first
      return answer.reload()
    },
  }
}

async function readPages<Node>(read: ReadPage<Node>, wanted: number): Promise<Listed<Node>> {
  const nodes: Node[] = []
  for (let after: string | null = null; ; ) {
    const page: Page<Node> = await read({ first: Math.min(wanted - nodes.length, LARGEST_PAGE), after })
    nodes.push(...page.nodes)
    const hasMore: boolean = page.pageInfo.hasNextPage
    if (!hasMore || nodes.length >= wanted) return { nodes, hasMore }
    after = page.pageInfo.endCursor
  }
}
