/** Writes `src/generated/operations.ts`: a typed document string for each operation, checked against the contract. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { codegen } from '@graphql-codegen/core'
import * as typescriptOperations from '@graphql-codegen/typescript-operations'
import { type DefinitionNode, parse, print, stripIgnoredCharacters, visit } from 'graphql'

interface Source {
  readonly location: string
  readonly document: ReturnType<typeof parse>
}

const here = (path: string) => new URL(path, import.meta.url)
const operations = here('./src/client/operations/')
const output = here('./src/generated/operations.ts')

const read = async (file: URL): Promise<Source> => ({
  location: file.pathname,
  document: parse(await readFile(file, 'utf8')),
})

/** Names of all fragments that a definition needs, through other fragments as well. */
function fragmentsOf(definition: DefinitionNode, all: ReadonlyMap<string, DefinitionNode>, found = new Set<string>()) {
  visit(definition, {
    FragmentSpread({ name }) {
      const fragment = all.get(name.value)
      if (!fragment || found.has(name.value)) return
      found.add(name.value)
      fragmentsOf(fragment, all, found)
    },
  })
  return found
}

/**
 * Documents as constants that share their fragments. They are plain template strings because a bundler drops those that
 * a browser never sends, which it can't do with instances of a class.
 */
function documents(_schema: unknown, sources: { document?: Source['document'] }[]) {
  const definitions = sources.flatMap(({ document }) => document?.definitions ?? [])
  const fragments = new Map(definitions.flatMap((d) => (d.kind === 'FragmentDefinition' ? [[d.name.value, d]] : [])))
  const text = (definition: DefinitionNode) => stripIgnoredCharacters(print(definition))
  const lines = [...fragments].map(([name, fragment]) => `const ${name} = \`${text(fragment)}\``)
  for (const definition of definitions) {
    if (definition.kind !== 'OperationDefinition') continue
    const name = definition.name?.value ?? ''
    const type = `${name}${definition.operation.replace(/^./, (first) => first.toUpperCase())}`
    const spreads = [...fragmentsOf(definition, fragments)].sort().map((fragment) => `\${${fragment}}`)
    lines.push(
      `export const ${name}Document = \`${text(definition)}${spreads.join('')}\` as Document<${type}, ${type}Variables>`,
    )
  }
  return { prepend: [`import type { Document } from '../client/document.ts'`], content: lines.join('\n') }
}

const names = (await readdir(operations)).filter((name) => name.endsWith('.graphql')).sort()
const generated = await codegen({
  filename: output.pathname,
  schema: (await read(here('../../schema.graphql'))).document,
  documents: await Promise.all(names.map((name) => read(new URL(name, operations)))),
  plugins: [{ typescriptOperations: {} }, { documents: {} }],
  pluginMap: { typescriptOperations, documents: { plugin: documents } },
  config: {
    enumType: 'string-literal',
    inlineFragmentTypes: 'combine',
    inputMaybeValue: 'T | null | undefined',
    skipTypename: true,
    strictScalars: true,
    useTypeImports: true,
    scalars: {
      ID: 'string',
      Decimal: { input: 'string | number', output: 'string' },
      DateTime: 'string',
      JSON: 'unknown',
      SafeInt: 'number',
    },
  },
})

await mkdir(here('./src/generated/'), { recursive: true })
await writeFile(output, `${generated}\n`)
