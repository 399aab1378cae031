import { randomBytes } from 'node:crypto'
import { v7 } from 'uuid'

// Ids are UUIDv7: ordered by time, so that indexes grow at one end, and not guessable across tenants. Outside they carry
// a prefix that says what they name.

export type IdPrefix =
  | 'gr'
  | 'wal'
  | 'sub'
  | 'inv'
  | 'cn'
  | 'pay'
  | 'pm'
  | 'ref'
  | 'dsp'
  | 'ev'
  | 'hold'
  | 'com'
  | 'prj'
  | 'key'
  | 'evt'
  | 'we'

/** A new id, as stored. */
export function newId(): string {
  return v7()
}

/** The smallest id that is made at an instant, in real time: ids from there on are not smaller. */
export function firstIdAt(instant: number): string {
  const time = Math.max(0, instant).toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`
}

/** The id as the API shows it: gr_019aa… */
export function publicId(prefix: IdPrefix, id: string): string {
  return `${prefix}_${id.replaceAll('-', '')}`
}

/** The stored form of an id that a caller sent, or null if it is none of this kind. */
export function storedId(prefix: IdPrefix, id: string): string | null {
  const hex = new RegExp(`^${prefix}_([0-9a-f]{32})$`).exec(id)?.[1]
  return hex ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') : null
}

/** Unguessable text for keys and secrets, 256 bits. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}
