import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  Lexer,
  type SelectionSetNode,
  Source,
  TokenKind,
} from 'graphql'

/** The most items of one page, whatever `first` says. */
export const PAGE_LIMIT = 100
const DEPTH = 10
/** The standard introspection query nests deeper than any real one; it is bounded on its own. */
const INTROSPECTION_DEPTH = 20
const ALIASES = 30
const COST = 20_000
/** Fields and fragments, each as often as it is reached: validation compares all of one level with each other. */
const SELECTIONS = 2_000
/** Enough for a thousand events written into the document instead of a variable. */
const TOKENS = 30_000
/** Parsing and printing recurse: no honest document comes near. */
const NESTING = 100

const OPENING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L])
const CLOSING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R])

interface Walk {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  aliases: number
  selections: number
  cost: number
  depth: number
  introspectionDepth: number
}

/** Refuses a text that is too long or too deeply nested to be parsed. Throws GraphQLError for what is no GraphQL. */
export function checkText(query: string): GraphQLError | null {
  const lexer = new Lexer(new Source(query))
  let tokens = 0
  let nesting = 0
  for (let { kind } = lexer.advance(); kind !== TokenKind.EOF; { kind } = lexer.advance()) {
    if (OPENING.has(kind)) nesting++
    if (CLOSING.has(kind)) nesting--
    if (++tokens > TOKENS) return tooComplex(`it has more than ${TOKENS} tokens: send values as variables`)
    if (nesting > NESTING) return tooComplex(`its brackets are nested more than ${NESTING} deep`)
  }
  return null
}

/**
 * Refuses a document before any work is done for it: depth 10, 30 aliases, and a cost in which each field counts once
 * per item of the pages around it. A page size in a variable counts as the largest one, so it can't hide its cost.
 */
export function checkLimits(document: DocumentNode): GraphQLError | null {
  const fragments = new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  )
  const walk: Walk = { fragments, aliases: 0, selections: 0, cost: 0, depth: 0, introspectionDepth: 0 }
  for (const node of document.definitions) {
    if (node.kind === Kind.OPERATION_DEFINITION)
      visit(walk, node.selectionSet, { depth: 1, items: 1, introspection: false, path: [] })
    if (isOver(walk)) break
  }
  if (walk.depth > DEPTH) return tooComplex(`it is more than ${DEPTH} levels deep`)
  if (walk.introspectionDepth > INTROSPECTION_DEPTH) return tooComplex('its introspection is too deep')
  if (walk.aliases > ALIASES) return tooComplex(`it has more than ${ALIASES} aliases`)
  if (walk.selections > SELECTIONS) return tooComplex(`it names more than ${SELECTIONS} fields`)
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
    walk.selections++
    if (isOver(walk)) return
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

function isOver({ selections, cost }: Walk): boolean {
  return selections > SELECTIONS || cost > COST
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
