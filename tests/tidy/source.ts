import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { parseSync, Visitor, type VisitorObject } from 'oxc-parser'

export interface Import {
  /** A path from the root for our own files, or the name of a package. */
  readonly target: string
  readonly line: number
  /** Gone at run time: `import type`. */
  readonly typeOnly: boolean
}

export interface Found {
  readonly what: string
  readonly line: number
}

export interface FunctionSize extends Found {
  readonly lines: number
}

/** What the rules need to know about a file. */
export interface Source {
  readonly path: string
  readonly lines: number
  readonly imports: readonly Import[]
  readonly exports: readonly string[]
  readonly functions: readonly FunctionSize[]
  /** Words whose place is limited: `Date.now`, `process.env`, `any` … */
  readonly words: readonly Found[]
}

const SKIPPED = new Set(['node_modules', 'dist', 'generated', 'artefacts'])

/** Paths of all our files below a folder, from the root, sorted. */
export function listFiles(root: string, folder = '.'): string[] {
  const entries = readdirSync(posix.join(root, folder), { withFileTypes: true })
  return entries
    .filter(({ name }) => !SKIPPED.has(name) && !name.startsWith('.'))
    .flatMap((entry) => {
      const path = posix.join(folder, entry.name)
      return entry.isDirectory() ? listFiles(root, path) : [path]
    })
    .sort()
}

export function readSources(root: string): Source[] {
  const code = listFiles(root).filter((path) => /\.(ts|tsx|mjs)$/.test(path))
  return code.map((path) => parseSource(path, readFileSync(posix.join(root, path), 'utf8')))
}

export function parseSource(path: string, text: string): Source {
  const { program, module, comments, errors } = parseSync(path, text)
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`)
  const lineOf = lineCounter(text)
  const imports: Import[] = []
  const functions: FunctionSize[] = []
  const words: Found[] = comments
    .filter(({ value }) => /^\s*@ts-(ignore|nocheck)/.test(value))
    .map(({ start }) => ({ what: '@ts-ignore', line: lineOf(start) }))
  const add = (specifier: string, start: number, typeOnly: boolean) =>
    imports.push({ target: resolve(path, specifier), line: lineOf(start), typeOnly })

  for (const { moduleRequest, entries, start } of module.staticImports) {
    add(moduleRequest.value, start, entries.length > 0 && entries.every((entry) => entry.isType))
  }
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest, isType, start } of entries) if (moduleRequest) add(moduleRequest.value, start, isType)
  }
  const word = (what: string, start: number) => words.push({ what, line: lineOf(start) })
  const size = (node: { start: number; end: number; id?: { name: string } | null }) => {
    const line = lineOf(node.start)
    functions.push({ what: node.id?.name ?? 'this function', line, lines: lineOf(node.end) - line + 1 })
  }
  const visitors = { ...importVisitors(add), ...wordVisitors(word), ...sizeVisitors(size) }
  new Visitor(visitors).visit(program)
  const exports = module.staticExports.flatMap(({ entries }) => entries.map((entry) => entry.exportName.name ?? ''))
  return { path, lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0), imports, exports, functions, words }
}

function importVisitors(add: (specifier: string, start: number, typeOnly: boolean) => void): VisitorObject {
  return {
    ImportExpression(node) {
      if (node.source.type === 'Literal') add(String(node.source.value), node.start, false)
    },
    TSImportType(node) {
      add(node.source.value, node.start, true)
    },
  }
}

function sizeVisitors(size: (node: { start: number; end: number; id?: { name: string } | null }) => void) {
  return { FunctionDeclaration: size, FunctionExpression: size, ArrowFunctionExpression: size } satisfies VisitorObject
}

function wordVisitors(word: (what: string, start: number) => void): VisitorObject {
  return {
    MemberExpression(node) {
      if (node.computed || node.property.type !== 'Identifier') return
      const object = node.object.type === 'Identifier' ? node.object.name : ''
      word(`${object}.${node.property.name}`, node.start)
      if (node.property.name === 'randomUUID') word('randomUUID', node.start)
    },
    ImportSpecifier(node) {
      if (node.imported.type === 'Identifier' && node.imported.name === 'randomUUID') word('randomUUID', node.start)
    },
    NewExpression(node) {
      if (node.callee.type === 'Identifier' && node.arguments.length === 0)
        word(`new ${node.callee.name}()`, node.start)
    },
    TSAnyKeyword: (node) => word('any', node.start),
    AwaitExpression: (node) => word('await', node.start),
  }
}

function resolve(from: string, specifier: string): string {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier)
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

function lineCounter(text: string): (offset: number) => number {
  const starts = [0, ...[...text.matchAll(/\n/g)].map((match) => match.index + 1)]
  return (offset) => {
    const after = starts.findIndex((start) => start > offset)
    return after === -1 ? starts.length : after
  }
}
