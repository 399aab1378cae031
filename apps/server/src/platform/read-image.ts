import { crc32, inflateSync } from 'node:zlib'

// What an image is, from its bytes. It will be shown to strangers and drawn into documents by a library that trusts it, so
// a PNG is unpacked once as a check: nothing of it is believed before.

/** A PNG or JPEG that can be shown and printed, or what is wrong with it. */
export type Image = { readonly type: 'png' | 'jpg'; readonly width: number; readonly height: number }
export type ImageFault = { readonly fault: string }

/** Reads a PNG or JPEG of at most so many pixels a side. */
export function readImage(bytes: Buffer, side: number): Image | ImageFault {
  if (bytes.subarray(0, 8).equals(PNG)) return readPng(bytes, side)
  if (bytes.subarray(0, 3).equals(JPEG)) return readJpeg(bytes)
  return { fault: 'is neither a PNG nor a JPEG' }
}

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const JPEG = Buffer.from([0xff, 0xd8, 0xff])

const BROKEN: ImageFault = { fault: 'is broken: save it once more' }

interface Chunk {
  readonly name: string
  readonly data: Buffer
}

/** All chunks of a PNG, which end with the file; null if they don't. */
function chunksOf(bytes: Buffer): Chunk[] | null {
  const chunks: Chunk[] = []
  for (let at = PNG.length; at + 12 <= bytes.length; ) {
    const end = at + 8 + bytes.readUInt32BE(at)
    if (end + 4 > bytes.length || crc32(bytes.subarray(at + 4, end)) !== bytes.readUInt32BE(end)) return null
    chunks.push({ name: bytes.toString('latin1', at + 4, at + 8), data: bytes.subarray(at + 8, end) })
    at = end + 4
    if (chunks.at(-1)?.name === 'IEND') return at === bytes.length ? chunks : null
  }
  return null
}

/** By colour type: how many numbers a pixel has, and of how many bits. */
const COLOURS: Readonly<Record<number, { readonly channels: number; readonly depths: readonly number[] }>> = {
  0: { channels: 1, depths: [1, 2, 4, 8, 16] },
  2: { channels: 3, depths: [8, 16] },
  3: { channels: 1, depths: [1, 2, 4, 8] },
  4: { channels: 2, depths: [8, 16] },
  6: { channels: 4, depths: [8, 16] },
}

function readPng(bytes: Buffer, side: number): Image | ImageFault {
  const chunks = chunksOf(bytes)
  const [header] = chunks ?? []
  if (!chunks || header?.name !== 'IHDR' || header.data.length !== 13) return BROKEN
  const [width, height] = [header.data.readUInt32BE(0), header.data.readUInt32BE(4)]
  const [depth, colour, compression, filter, interlace] = header.data.subarray(8) as unknown as number[]
  const kind = COLOURS[colour as number]
  if (!kind?.depths.includes(depth as number) || compression !== 0 || filter !== 0) return BROKEN
  if (interlace !== 0) return { fault: 'is interlaced: save it without' }
  const image: Image = { type: 'png', width, height }
  if (width > side || height > side) return image
  const named = (name: string) => chunks.filter((chunk) => chunk.name === name)
  if (named('acTL').length > 0) return { fault: 'moves: take one that stands still' }
  const palette = named('PLTE')[0]?.data.length ?? 0
  if (colour === 3 && (palette === 0 || palette % 3 !== 0 || palette > 768)) return BROKEN
  const row = Math.ceil((width * kind.channels * (depth as number)) / 8) + 1
  if (!isTransparency(named('tRNS')[0]?.data.length, colour as number, palette / 3)) return BROKEN
  return areRows(Buffer.concat(named('IDAT').map(({ data }) => data)), row, height) ? image : BROKEN
}

/** One colour that is transparent, or an opacity for colours of the palette; none where pixels have their own. */
function isTransparency(length: number | undefined, colour: number, colours: number): boolean {
  if (length === undefined) return true
  if (colour === 3) return length <= colours
  return length === { 0: 2, 2: 6 }[colour]
}

/** Whether packed pixels are so many rows, each with a filter that exists. */
function areRows(packed: Buffer, row: number, rows: number): boolean {
  try {
    const pixels = inflateSync(packed, { maxOutputLength: row * rows + 1 })
    if (pixels.length !== row * rows) return false
    return Array.from({ length: rows }, (_, index) => pixels[index * row] as number).every((filter) => filter <= 4)
  } catch {
    return false
  }
}

/** Baseline, extended and progressive: the frames that browsers and documents know. */
const FRAMES: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2])
const SCAN = 0xda

function readJpeg(bytes: Buffer): Image | ImageFault {
  if (bytes.readUInt16BE(bytes.length - 2) !== 0xffd9) return BROKEN
  let frame: Image | null = null
  for (let at = 2; at + 4 <= bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes[at + 1] as number
    if (bytes[at] !== 0xff || marker < 0xc0 || at + 2 + bytes.readUInt16BE(at + 2) > bytes.length) return BROKEN
    if (marker === SCAN) return frame ?? BROKEN
    if (FRAMES.has(marker)) frame = readFrame(bytes.subarray(at + 4))
  }
  return BROKEN
}

/** Of 8 bits a number, grey or in three or four colours. */
function readFrame(data: Buffer): Image | null {
  if (data.length < 6 || data[0] !== 8 || ![1, 3, 4].includes(data[5] as number)) return null
  return { type: 'jpg', width: data.readUInt16BE(3), height: data.readUInt16BE(1) }
}
