import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

// Is the model worth anything? Each of these faults, put into a copy of the product, must turn it red.

interface Edit {
  readonly file: string
  readonly from: string
  readonly to: string
}

interface Mutation {
  readonly name: string
  readonly edits: readonly Edit[]
}

const CORE = 'packages/core/src'
const SERVER = 'apps/server/src'
const FIRST = 'apps/server/prisma/migrations/20261121000000_first_slice/migration.sql'

const MUTATIONS: readonly Mutation[] = [
  {
    name: 'no lock on the ledger',
    edits: [
      {
        file: `${SERVER}/modules/ledger/load-accounts.ts`,
        from: 'order by w.place for update of l',
        to: 'order by w.place',
      },
    ],
  },
  {
    name: 'no unique index on the keys of commands',
    edits: [
      {
        file: FIRST,
        from: `,\n\n    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("project_id","operation","scope","key")`,
        to: '',
      },
    ],
  },
  {
    // Behind the lock the index is the second line of defence: without it, the first one must go too.
    name: 'no unique index on the keys of usage',
    edits: [
      {
        file: FIRST,
        from: `,\n\n    CONSTRAINT "usage_event_pkey" PRIMARY KEY ("customer_pk","operation","key")`,
        to: '',
      },
      {
        file: `${SERVER}/modules/usage/spend-usage.ts`,
        from: 'const known = stored.get(key)',
        to: 'const known = stored.get("")',
      },
    ],
  },
  {
    name: 'first in, first out instead of the drawdown order',
    edits: [
      {
        file: `${CORE}/drawdown.ts`,
        from: 'a.walletPriority - b.walletPriority ||\n    a.priority - b.priority ||\n    compareExpiry(a.expiresAt, b.expiresAt) ||\n',
        to: 'compareExpiry(null, null) ||\n',
      },
    ],
  },
  {
    // What time ends is written before anything is drawn: both places must be late for one to show.
    name: 'spendable at the instant of expiry',
    edits: [
      { file: `${CORE}/drawdown.ts`, from: 'at < grant.expiresAt', to: 'at <= grant.expiresAt' },
      { file: `${CORE}/catch-up.ts`, from: 'if (end <= now)', to: 'if (end < now)' },
    ],
  },
]

/** So many seeds must be green in a copy without a fault, or red would say nothing. */
const SEEDS_UNCHANGED = 10

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const LEFT_OUT = new Set(['node_modules', '.git', '.florin', 'docs', 'bench', 'examples'])

/** Runs the model on each mutation and prints what became of it. Answers whether all were found out. */
export async function runMutations(seeds: number): Promise<boolean> {
  const unchanged = await runOn({ name: 'the copy', edits: [] }, Math.min(seeds, SEEDS_UNCHANGED))
  if (unchanged !== null) throw new Error(`the model is red at ${unchanged} without any fault: that comes first`)
  const found: boolean[] = []
  for (const mutation of MUTATIONS) {
    const seed = await runOn(mutation, seeds)
    found.push(seed !== null)
    console.log(`model: ${mutation.name.padEnd(52)} ${seed === null ? `GREEN after ${seeds} seeds` : `red at ${seed}`}`)
  }
  return found.every(Boolean)
}

/** Where it turned red, or null. */
async function runOn({ name, edits }: Mutation, seeds: number): Promise<string | null> {
  const copy = await mkdtemp('/tmp/florin-mutation-')
  try {
    await cp(ROOT, copy, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => !LEFT_OUT.has(relative(ROOT, source)),
    })
    await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
    for (const edit of edits) await applyEdit(copy, name, edit)
    const output = await runModel(copy, seeds)
    const red = /^model: red at (.*)$/m.exec(output)?.[1]
    if (red === undefined && !output.includes('model: green'))
      throw new Error(`${name}: the model ended early:\n${output}`)
    return red ?? null
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
}

/** @throws unless each mutation can be made here. */
export async function findPlaces(): Promise<void> {
  for (const { name, edits } of MUTATIONS) for (const edit of edits) await mutated(ROOT, name, edit)
}

async function applyEdit(copy: string, name: string, edit: Edit): Promise<void> {
  await writeFile(join(copy, edit.file), await mutated(copy, name, edit))
}

/** @throws unless the text is there exactly once: a mutation that hits nothing proves nothing. */
async function mutated(root: string, name: string, { file, from, to }: Edit): Promise<string> {
  const parts = (await readFile(join(root, file), 'utf8')).split(from)
  if (parts.length !== 2) throw new Error(`mutation "${name}": ${file} has its text ${parts.length - 1} times: ${from}`)
  return parts.join(to)
}

async function runModel(copy: string, seeds: number): Promise<string> {
  const args = ['--import', 'tsx', 'tests/model/run.ts', '--seeds', String(seeds), '--unattended']
  const child = spawn(process.execPath, args, { cwd: copy, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk))
  await once(child, 'close')
  return output
}
