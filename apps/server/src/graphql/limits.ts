import { type DocumentNode, type FragmentDefinitionNode, GraphQLError, Kind, type SelectionSetNode } from 'graphql'

/** The most items of one page, whatever `first` says. */
export const PAGE_LIMIT = 100
const DEPTH = 10
/** The standard introspection query nests deeper than any real one; it is bounded on its own. */
const INTROSPECTION_DEPTH = 20
const ALIASES = 30
const COST = 20_000

interface Walk {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  aliases: number
  cost: number
  depth: number
  introspectionDepth: number
}

/**
 * Refuses a document before any work is done for it: depth 10, 30 aliases, and a cost in which each field counts once
 * per item of the pages around it. A page size in a variable counts as the largest one, so it can't hide its cost.
 */
export function checkLimits(document: DocumentNode): GraphQLError | null {
  const fragments = new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  )
  const walk: Walk = { fragments, aliases: 0, cost: 0, depth: 0, introspectionDepth: 0 }
  for (const node of document.definitions) {
    if (node.kind === Kind.OPERATION_DEFINITION)
      visit(walk, node.selectionSet, { depth: 1, items: 1, introspection: false, path: [] })
    if (walk.cost > COST) break
  }
  if (walk.depth > DEPTH) return tooComplex(`it is more than ${DEPTH} levels deep`)
  if (walk.introspectionDepth > INTROSPECTION_DEPTH) return tooComplex('its introspection is too deep')
  if (walk.aliases > ALIASES) return tooComplex(`it has more than ${ALIASES} aliases`)
  if (walk.cost > COST) return tooComplex('it asks for too many fields: ask for smaller pages')
  return null
}

/** Whether the document asks about the schema itself. */
export function isIntrospection(document: DocumentNode): boolean {
  return document.definitions.some(
    (node) => 'selectionSet' in node && node.selectionSet && asksSchema(node.selectionSet),
  )
}

interface Place {
  readonly depth: number
  readonly items: number
  readonly introspection: boolean
  /** Fragments that are open around here: a cycle is left to validation, which refuses it. */
  readonly path: readonly string[]
}

function visit(walk: Walk, selectionSet: SelectionSetNode, place: Place): void {
  for (const selection of selectionSet.selections) {
    if (walk.cost > COST) return
    if (selection.kind === Kind.INLINE_FRAGMENT) visit(walk, selection.selectionSet, place)
    else if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const name = selection.name.value
      const fragment = walk.fragments.get(name)
      if (fragment && !place.path.includes(name)) {
        visit(walk, fragment.selectionSet, { ...place, path: [...place.path, name] })
      }
    } else {
      const introspection = place.introspection || /^__(schema|type)$/.test(selection.name.value)
      if (selection.alias) walk.aliases++
      walk.cost += place.items
      if (introspection) walk.introspectionDepth = Math.max(walk.introspectionDepth, place.depth)
      else walk.depth = Math.max(walk.depth, place.depth)
      if (!selection.selectionSet) continue
      const items = place.items * pageSize(selection.arguments)
      visit(walk, selection.selectionSet, { ...place, depth: place.depth + 1, items, introspection })
    }
  }
}

function pageSize(args: readonly { name: { value: string }; value: { kind: string } }[] | undefined): number {
  const first = args?.find(({ name }) => name.value === 'first')
  if (!first) return 1
  if (first.value.kind !== Kind.INT) return PAGE_LIMIT
  return Math.max(1, Math.min(PAGE_LIMIT, Number((first.value as unknown as { value: string }).value)))
}

function asksSchema(selectionSet: SelectionSetNode): boolean {
  return selectionSet.selections.some((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return false
    if (selection.kind === Kind.FIELD && /^__(schema|type)$/.test(selection.name.value)) return true
    return selection.selectionSet ? asksSchema(selection.selectionSet) : false
  })
}

function tooComplex(why: string): GraphQLError {
  return new GraphQLError(`this request is too complex: ${why}`, { extensions: { code: 'QUERY_TOO_COMPLEX' } })
}
