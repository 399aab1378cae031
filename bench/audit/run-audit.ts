import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Database } from '../../apps/server/src/platform/database.ts'

const AUDIT = fileURLToPath(new URL('../../apps/server/src/audit.ts', import.meta.url))
const LOOK_EVERY_MS = 50

/** An audit as an operator runs it, in a process of its own. */
export interface Audited {
  readonly seconds: number
  /** Of the rules that took longest. */
  readonly slowest: readonly string[]
  /** At most so many megabytes at once; null where the system doesn't tell. */
  readonly megabytes: { readonly process: number; readonly postgres: number } | null
}

export async function runAudit(databaseUrl: string, database: Database): Promise<Audited> {
  const env = { ...process.env, NODE_ENV: 'production', DATABASE_URL: databaseUrl }
  const child = spawn(process.execPath, ['--import', 'tsx', AUDIT], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += String(chunk)
  })
  const ended = once(child, 'exit')
  const megabytes = await watchMemory(child, database)
  const [code] = await ended
  const lines = output.split('\n')
  if (code !== 0)
    throw new Error(`the audit ended with ${code}:\n${lines.filter((line) => !/ ok /.test(line)).join('\n')}`)
  const seconds = Number(/checked in ([\d.]+) s/.exec(output)?.[1])
  return { seconds, slowest: slowestOf(lines), megabytes }
}

function slowestOf(lines: readonly string[]): string[] {
  return lines
    .flatMap((line) => {
      const [, rule, seconds] = /ok {5}(.*) \(.*, ([\d.]+) s\)$/.exec(line) ?? []
      return rule ? [{ rule, seconds: Number(seconds) }] : []
    })
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, 3)
    .map(({ rule, seconds }) => `${seconds.toFixed(1)} s: ${rule}`)
}

/** Looks at both processes until the audit ends. */
async function watchMemory(child: ChildProcess, database: Database): Promise<Audited['megabytes']> {
  let most = { process: 0, postgres: 0 }
  while (child.exitCode === null && child.signalCode === null) {
    const backends = await database.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    )
    const inProcess = await peakOf(child.pid)
    const inPostgres = await Promise.all(backends.map(({ pid }) => peakOf(pid)))
    most = { process: Math.max(most.process, inProcess), postgres: Math.max(most.postgres, ...inPostgres) }
    await sleep(LOOK_EVERY_MS)
  }
  return most.process > 0 ? most : null
}

/** The most memory that a process has had for itself so far: what it shares with others is not counted. */
async function peakOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/RssAnon:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024
}
