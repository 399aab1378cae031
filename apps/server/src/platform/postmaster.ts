import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

/** In /tmp whatever TMPDIR says: the path of a unix socket may have 107 bytes at most. */
export const SOCKET_DIR_PREFIX = '/tmp/florin-pg-'

const LOCK_FILE = 'postmaster.pid'
const GONE_WITHIN_MS = 30_000

/**
 * Makes a data directory free to start in. A server whose starter was killed lives on: it is stopped, and waited for.
 *
 * @throws when the starter is alive, because two servers would share one directory.
 */
export async function evictOrphan(dataDir: string, log: (line: string) => void): Promise<void> {
  const { pid, socketDir } = await readLock(dataDir)
  if (pid > 0) await evict(pid, dataDir, log)
  // A killed server or starter can't clean up its sockets.
  if (socketDir.startsWith(SOCKET_DIR_PREFIX)) await rm(socketDir, { recursive: true, force: true })
}

async function evict(pid: number, dataDir: string, log: (line: string) => void): Promise<void> {
  if (!signal(pid, 0)) return
  const command = await commandLine(pid)
  if (!command.includes(`-D ${dataDir} `)) {
    // The number now belongs to another program: PostgreSQL can't tell and would refuse to start.
    await rm(join(dataDir, LOCK_FILE), { force: true })
    return
  }
  const starter = Number(/cluster_name=florin-(\d+)/.exec(command)?.[1] ?? 0)
  if (starter > 0 && (await commandLine(starter)).includes('node')) {
    throw new Error(
      `${dataDir} is in use by process ${starter}. Stop that process, or choose another directory with FLORIN_HOME.`,
    )
  }
  log(`stopping PostgreSQL ${pid}, left behind in ${dataDir}`)
  signal(pid, 'SIGINT')
  await waitUntilGone(pid)
}

/** Where the server of a data directory answers, if one of ours runs there and its starter is alive; null if none does. */
export async function findRunning(dataDir: string): Promise<{ port: number; socketDir: string } | null> {
  const { pid, port, socketDir } = await readLock(dataDir)
  if (pid <= 0 || !signal(pid, 0)) return null
  const command = await commandLine(pid)
  const starter = Number(/cluster_name=florin-(\d+)/.exec(command)?.[1] ?? 0)
  const isOurs = command.includes(`-D ${dataDir} `) && (await commandLine(starter)).includes('node')
  return isOurs ? { port, socketDir } : null
}

/** Sends a signal; 0 only asks. False when there is no such process. */
export function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The lock file's lines: process number, data directory, start time, port, directory of the socket. */
async function readLock(dataDir: string): Promise<{ pid: number; port: number; socketDir: string }> {
  const lines = (await readFile(join(dataDir, LOCK_FILE), 'utf8').catch(() => '')).split('\n')
  return { pid: Number(lines[0] ?? 0), port: Number(lines[3] ?? 0), socketDir: lines[4] ?? '' }
}

async function commandLine(pid: number): Promise<string> {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ')
  } catch {
    if (process.platform === 'linux') return ''
    const answer = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => undefined)
    return answer?.stdout ?? ''
  }
}

async function waitUntilGone(pid: number): Promise<void> {
  const until = performance.now() + GONE_WITHIN_MS
  while (signal(pid, 0)) {
    if (performance.now() > until) throw new Error(`PostgreSQL ${pid} did not stop within ${GONE_WITHIN_MS / 1000} s`)
    await sleep(50)
  }
}
