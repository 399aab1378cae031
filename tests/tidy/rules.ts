import { posix } from 'node:path'
import type { Source } from './source.ts'

/** Files below `files` may import each other, files below one of `may`, and the `packages` (all of npm if left out). */
export interface Layer {
  readonly files: string
  readonly may: readonly string[]
  readonly packages?: readonly string[]
}

/** A word with one home. `except`: files and folders that may say it too. */
export interface Home {
  readonly word: string
  readonly except: readonly string[]
  readonly remedy: string
  /** Only in these folders; everywhere, if left out. */
  readonly within?: readonly string[]
}

const MODULES = 'apps/server/src/modules/'
const GRAPHQL = 'apps/server/src/graphql/'

export const isTest = (path: string) => /\.(test|samples|laws)\.tsx?$|\/test(-[a-z]+)?\/|^tests\//.test(path)

/** The module that a file belongs to, if any. */
const moduleOf = (path: string) => (path.startsWith(MODULES) ? path.slice(MODULES.length).split('/')[0] : undefined)

const inGraphql = (path: string) =>
  /\/modules\/([^/]+\/)+graphql(\/[^/]+)?\.?/.test(path) && moduleOf(path) !== undefined

const starts = (path: string, prefixes: readonly string[]) => prefixes.some((prefix) => path.startsWith(prefix))

/** Who may import whom, from the folder of a package or a layer of the server. Tests may import everything. */
export function forbiddenEdges(sources: readonly Source[], layers: readonly Layer[]): string[] {
  return sources.flatMap(({ path, imports }) => {
    const layer = layers.find(({ files }) => path.startsWith(files))
    if (!layer || isTest(path)) return []
    return imports
      .filter(({ target }) => !mayImport(layer, target))
      .map(({ target, line }) => {
        const allowed = [...layer.may, ...(layer.packages ?? ['npm'])].join(', ') || 'nothing'
        return `${path}:${line} imports ${target}. ${layer.files} may import: ${allowed}. Move the code, or pass it in.`
      })
  })
}

function mayImport({ files, may, packages }: Layer, target: string): boolean {
  if (target.includes('/') && starts(target, [files, ...may])) return true
  const ours = target.startsWith('@florin/')
  if (ours || isPath(target)) return may.includes(target)
  return packages === undefined || packages.includes(target)
}

const isPath = (target: string) => /\.(tsx?|mjs|css|json)$/.test(target)

/** The modules of the server form a DAG. Their GraphQL files are above it: a field may show what any module knows. */
export function forbiddenModules(sources: readonly Source[], modules: Readonly<Record<string, readonly string[]>>) {
  return sources.flatMap(({ path, imports }) => {
    const from = moduleOf(path)
    if (!from || isTest(path) || inGraphql(path)) return []
    const allowed = modules[from]
    if (!allowed) return [`${path}:1 is in an unknown module. Add ${from} to the table of modules in tidy.test.ts.`]
    return imports.flatMap(({ target, line }) => {
      const to = moduleOf(target)
      if (!to || to === from || allowed.includes(to)) return []
      const list = allowed.join(', ') || 'no module'
      return [`${path}:${line} ${from} imports ${to}. It may import ${list}. Publish an event, or pass a function in.`]
    })
  })
}

/** Only GraphQL speaks GraphQL, and it reaches Stripe and Redis through commands. */
export function graphqlEdges(sources: readonly Source[], behindCommands: readonly string[]): string[] {
  const inside = sources.filter(({ path }) => path.startsWith(MODULES) && !isTest(path))
  return inside.flatMap(({ path, imports }) =>
    imports.flatMap(({ target, line }) => {
      if (inGraphql(path)) {
        const reach = `${path}:${line} reaches ${target}. Call a command of the module instead.`
        return behindCommands.includes(target) ? [reach] : []
      }
      const speak = `${path}:${line} a command imports ${target}. Only graphql.ts and graphql/ may.`
      return target.startsWith(GRAPHQL) || inGraphql(target) || target === 'graphql' ? [speak] : []
    }),
  )
}

/** Files that import each other at run time, in a circle. */
export function importCycles(sources: readonly Source[]): string[] {
  const edges = new Map(
    sources.map(({ path, imports }) => [path, imports.filter((i) => !i.typeOnly).map((i) => i.target)]),
  )
  return cyclesOf(edges).map((circle) => `${circle[0]}:1 imports itself: ${circle.join(' → ')}. Break the circle.`)
}

/** One circle per way back that a depth-first walk finds; none in a DAG. */
export function cyclesOf(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const done = new Set<string>()
  const found: string[][] = []
  const walk = (node: string, trail: readonly string[]) => {
    const back = trail.indexOf(node)
    if (back !== -1) found.push([...trail.slice(back), node])
    if (back !== -1 || done.has(node)) return
    for (const next of edges.get(node) ?? []) walk(next, [...trail, node])
    done.add(node)
  }
  for (const node of edges.keys()) walk(node, [])
  return found
}

export function tooLong(sources: readonly Source[], limits: { file: number; function: number }): string[] {
  return sources.flatMap(({ path, lines, functions }) => {
    const file = `${path}:1 has ${lines} lines, more than ${limits.file}. Split it by what it decides.`
    // A `describe` is a function by syntax only.
    const long = isTest(path) ? [] : functions.filter((found) => found.lines > limits.function)
    return [
      ...(lines > limits.file ? [file] : []),
      ...long.map(
        ({ what, line, lines }) =>
          `${path}:${line} ${what} has ${lines} lines, more than ${limits.function}. Extract a step with a name.`,
      ),
    ]
  })
}

export function misplacedWords(sources: readonly Source[], homes: readonly Home[]): string[] {
  return sources.flatMap(({ path, words }) =>
    words.flatMap(({ what, line }) => {
      const home = homes.find(({ word, within }) => word === what && (!within || starts(path, within)))
      if (!home || starts(path, home.except) || (isTest(path) && home.word !== 'any')) return []
      return [`${path}:${line} says ${what}. ${home.remedy}`]
    }),
  )
}

const MODULE_FILES = [
  /^README\.md$/,
  /^graphql\.ts$/,
  /^graphql\/[a-z-]+\.ts$/,
  /^read-[a-z-]+\.ts$/,
  /^[a-z-]+-feed\.ts$/,
  /^(events|jobs|errors)\.ts$/,
  /\.test\.ts$/,
]

/** A module holds commands (a file that exports the function of its name, or what creates it) and the kinds above. */
export function foreignFiles(
  paths: readonly string[],
  sources: readonly Source[],
  allowed: Readonly<Record<string, string>>,
  folders: readonly string[],
): string[] {
  const exportsOf = new Map(sources.map(({ path, exports }) => [path, exports]))
  return paths.flatMap((path) => {
    const name = moduleOf(path)
    if (!name) return []
    const module = folders.find((folder) => path.startsWith(`${MODULES}${folder}/`)) ?? name
    const file = path.slice(`${MODULES}${module}/`.length)
    if (
      isCommand(file, exportsOf.get(path) ?? []) ||
      MODULE_FILES.some((kind) => kind.test(file)) ||
      path.slice(MODULES.length) in allowed
    )
      return []
    return [
      `${path}:1 is no kind of file that a module has. Name a command after the function it exports, or give the reason in tidy.test.ts.`,
    ]
  })
}

function isCommand(file: string, exports: readonly string[]): boolean {
  const pascal = `-${posix.basename(file, '.ts')}`.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
  const names = [pascal.replace(/^./, (letter) => letter.toLowerCase()), `create${pascal}`]
  return !file.includes('/') && names.some((name) => exports.includes(name))
}

const VAGUE = /^(utils?|helpers?|managers?|shared|common|types|misc|lib)$/

/** Names that say nothing, barrels, and names that aren't kebab-case. */
export function badNames(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const folders = posix.dirname(path).split('/')
    const file = posix.basename(path)
    const stem = file.split('.')[0] ?? ''
    const code = /\.(ts|tsx|mjs)$/.test(file)
    if (folders.some((folder) => VAGUE.test(folder)))
      return [`${path}:1 is in a folder that says nothing. Name its subject.`]
    if (code && VAGUE.test(stem) && stem !== 'types') {
      return [`${path}:1 has a name that says nothing. Name its subject.`]
    }
    if (path.startsWith('apps/') && /^index\.tsx?$/.test(file))
      return [`${path}:1 is a barrel. Import the file itself.`]
    return code && !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(stem) ? [`${path}:1 is not in kebab-case. Rename it.`] : []
  })
}
