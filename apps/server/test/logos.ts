import { crc32, deflateSync } from 'node:zlib'

// Images as a seller may send them, made here byte by byte.

export interface PngOptions {
  readonly width?: number
  readonly height?: number
  /** PNG's colour type: 2 is RGB, 6 RGB with opacity. */
  readonly colour?: 2 | 6
  readonly interlaced?: boolean
  /** The filter of each row: 0 to 4 exist. */
  readonly filter?: number
  /** Rows that are there, of those that were promised. */
  readonly rows?: number
  readonly more?: readonly Buffer[]
}

/** A PNG in one colour, or with the given faults. */
export function png(options: PngOptions = {}): Buffer {
  const { width = 64, height = 64, colour = 6, interlaced = false, filter = 0, rows = height, more = [] } = options
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, colour, 0, 0, interlaced ? 1 : 0], 8)
  const pixel = colour === 6 ? [124, 58, 237, 255] : [124, 58, 237]
  const row = Buffer.from([filter, ...Array.from({ length: width }, () => pixel).flat()])
  const pixels = deflateSync(Buffer.concat(Array.from({ length: rows }, () => row)))
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    ...more,
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

export function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}

export function dataUrl(bytes: Buffer, label = 'image/png'): string {
  return `data:${label};base64,${bytes.toString('base64')}`
}

/** A violet JPEG of 16 by 16 pixels. */
export const JPEG = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAAQABADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAX/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAABAb/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCaArSn/9k=',
  'base64',
)
