import { createHash } from 'node:crypto'
import { invalidInput } from '../../platform/errors.ts'
import { type Image, readImage } from '../../platform/read-image.ts'

export interface CheckedLogo extends Image {
  readonly bytes: Buffer
  /** Of the bytes, hex: an address that is cached for a year must name what is there. */
  readonly hash: string
}

const MOST_BYTES = 262_144
const LEAST_SIDE = 16
const MOST_SIDE = 1_024

/** A logo from a data: URL. What it says of itself is not believed. Throws INVALID_INPUT. */
export function checkLogo(text: string): CheckedLogo {
  const refuse = (reason: string) => invalidInput('logo', `logo ${reason}`)
  const [, label = '', encoded = ''] = /^data:([^,;]*)(?:;[^,]*)?;base64,([A-Za-z0-9+/]*={0,2})$/.exec(text) ?? []
  if (/^data:image\/svg/i.test(text)) {
    throw refuse('can not be an SVG, which may hold scripts and which mail programs do not show: give a PNG or a JPEG')
  }
  if (!label || !encoded) throw refuse('is a data: URL in base64, such as "data:image/png;base64,iVBORw0KGgo…"')
  if (encoded.length > Math.ceil(MOST_BYTES / 3) * 4) throw refuse('is at most 256 kB: scale it down')
  const bytes = Buffer.from(encoded, 'base64')
  if (bytes.length > MOST_BYTES) throw refuse('is at most 256 kB: scale it down')
  const image = readImage(bytes, MOST_SIDE)
  if ('fault' in image) throw refuse(image.fault)
  const { width, height } = image
  if (Math.min(width, height) < LEAST_SIDE || Math.max(width, height) > MOST_SIDE) {
    throw refuse(`is ${width} by ${height} pixels: it takes ${LEAST_SIDE} to ${MOST_SIDE} on each side`)
  }
  return { ...image, bytes, hash: createHash('sha256').update(bytes).digest('hex').slice(0, 32) }
}
