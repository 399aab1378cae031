import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'

// Prisma's own schema engine compiled to WebAssembly: `prisma migrate` would download a native one.
// It keeps `_prisma_migrations`, so `prisma migrate deploy` works on the same database.
// Why: docs/decisions/0001-bootstrap-without-downloads.md.

export const PRISMA_DIR = fileURLToPath(new URL('../../prisma', import.meta.url))
const NO_FILTERS = { externalTables: [], externalEnums: [] }

// Node has it; neither its types nor the ES library declare it without the browser's.
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }>
}

export type SchemaFile = [name: string, content: string]

interface Engine {
  applyMigrations(input: object): Promise<{ appliedMigrationNames: string[] }>
  diff(input: object): Promise<{ stdout: string | null }>
  free(): void
}

/** Brings the database up to the newest migration. Returns the names that it applied. */
export async function applyMigrations(databaseUrl: string): Promise<string[]> {
  const engine = await openEngine(databaseUrl, readSchema(join(PRISMA_DIR, 'schema')))
  try {
    const answer = await engine.applyMigrations({ migrationsList: migrationsList(), filters: NO_FILTERS })
    return answer.appliedMigrationNames
  } finally {
    engine.free()
  }
}

/** The SQL that turns a database of one schema into one of the other; null: they make the same. The engine asks the database for its version alone. */
export async function schemaDifference(
  databaseUrl: string,
  { from, to }: { from: SchemaFile[]; to: SchemaFile[] },
): Promise<string | null> {
  const target = (files: SchemaFile[]) =>
    files.length === 0
      ? { tag: 'empty' }
      : { tag: 'schemaDatamodel', files: files.map(([path, content]) => ({ path, content })) }
  const engine = await openEngine(databaseUrl, to)
  try {
    const { stdout } = await engine.diff({
      from: target(from),
      to: target(to),
      script: true,
      exitCode: null,
      shadowDatabaseUrl: null,
      filters: NO_FILTERS,
    })
    return stdout?.includes('This is an empty migration') ? null : stdout
  } finally {
    engine.free()
  }
}

async function openEngine(databaseUrl: string, schema: SchemaFile[]): Promise<Engine> {
  engines ??= loadEngines()
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString: databaseUrl }))
  return (await engines).new({ datamodels: schema }, () => {}, adapter)
}

interface Engines {
  new: (options: object, log: () => void, adapter: object) => Promise<Engine>
}

// Once a process: its bindings are one module, whose second instance would meet what is left of the first and panic.
let engines: Promise<Engines> | undefined

async function loadEngines(): Promise<Engines> {
  const folder = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'))
  const bindings = await import(pathToFileURL(join(folder, 'schema_engine_bg.js')).href)
  const wasm = await WebAssembly.instantiate(readFileSync(join(folder, 'schema_engine_bg.wasm')), {
    './schema_engine_bg.js': bindings,
  })
  bindings.__wbg_set_wasm(wasm.instance.exports)
  const start = wasm.instance.exports.__wbindgen_start as (() => void) | undefined
  start?.()
  return bindings.SchemaEngine
}

export function readSchema(folder: string): SchemaFile[] {
  return readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')])
}

function migrationsList() {
  const baseDir = join(PRISMA_DIR, 'migrations')
  const names = readdirSync(baseDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
  return {
    baseDir,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: names.map((path) => ({
      path,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok', value: readFileSync(join(baseDir, path, 'migration.sql'), 'utf8') },
      },
    })),
  }
}
