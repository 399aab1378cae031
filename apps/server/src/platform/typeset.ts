import type { Font } from 'fontkit'
import type PDFDocument from 'pdfkit'
import { type FontName, parsedFont, type Run, runsOf, type Weight } from './fonts.ts'

declare global {
  namespace PDFKit.Mixins {
    interface PDFFont {
      /** Since 0.20, and faster by far than to parse a font for each document. */
      registerFont(name: string, font: Font): this
    }
  }
}

export type Document = InstanceType<typeof PDFDocument>

export interface Style {
  readonly size: number
  readonly weight?: Weight
  readonly color: string
}

/** Where a line of text stands: its baseline, and its left edge, or with `align` its right one or its middle. */
export interface Place {
  readonly x: number
  readonly y: number
  readonly align?: 'left' | 'right' | 'center'
}

/** Writes text of any script into a PDF document, and measures it before. */
export interface Typesetter {
  width(text: string, style: Style): number
  /** The text in lines no wider than so, at least one. Words break only where nothing else helps. */
  wrap(text: string, style: Style, width: number): string[]
  /** As much of the text as is no wider than so, with dots where something is left out. */
  clip(text: string, style: Style, width: number): string
  write(text: string, place: Place, style: Style): void
}

export function createTypesetter(doc: Document): Typesetter {
  const registered = new Set<FontName>()

  function select({ font }: Run, size: number): void {
    if (!registered.has(font)) doc.registerFont(font, parsedFont(font))
    registered.add(font)
    doc.font(font).fontSize(size)
  }

  function widthOf(run: Run, size: number): number {
    select(run, size)
    return doc.widthOfString(run.text, featuresOf(run))
  }

  const width = (text: string, { size, weight = 'regular' }: Style) =>
    runsOf(text, weight).reduce((sum, run) => sum + widthOf(run, size), 0)

  return {
    width,
    wrap: (text, style, limit) => wrapWords(text, (line) => width(line, style) <= limit),
    clip: (text, style, limit) => {
      if (width(text, style) <= limit) return text
      return `${breakWord(text, (line) => width(`${line}…`, style) <= limit)[0]?.trimEnd()}…`
    },
    write: (text, { x, y, align = 'left' }, style) => {
      const share = align === 'left' ? 0 : align === 'right' ? 1 : 0.5
      let left = x - share * width(text, style)
      for (const run of runsOf(text, style.weight ?? 'regular')) {
        const advance = widthOf(run, style.size)
        doc.fillColor(style.color).text(run.text, left, y, { ...ON_BASELINE, ...featuresOf(run) })
        left += advance
      }
    },
  }
}

const ON_BASELINE = { lineBreak: false, baseline: 'alphabetic' } as const

/** Without a list of features, the words of a run are shaped one by one, and stand from left to right. */
function featuresOf({ rightToLeft }: Run) {
  return rightToLeft ? { features: [] } : {}
}

// Chinese and Japanese put no spaces between words: a line may end after any of their letters.
const PARTS =
  /\s+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]\p{P}*|[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu

function wrapWords(text: string, fits: (line: string) => boolean): string[] {
  const lines: string[] = []
  let line = ''
  for (const part of text.replace(/\s+/g, ' ').trim().match(PARTS) ?? []) {
    if (line !== '' && !fits((line + part).trimEnd())) {
      lines.push(line.trimEnd())
      line = ''
    }
    const pieces = fits(part) ? [part] : breakWord(part, fits)
    lines.push(...pieces.slice(0, -1))
    line += line === '' ? (pieces.at(-1) as string).trimStart() : pieces.at(-1)
  }
  return [...lines, line.trimEnd()]
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** A word that is wider than a line, in pieces that are not. */
function breakWord(word: string, fits: (line: string) => boolean): string[] {
  const pieces: string[] = []
  let piece = ''
  for (const { segment } of graphemes.segment(word)) {
    if (piece !== '' && !fits(piece + segment)) {
      pieces.push(piece)
      piece = ''
    }
    piece += segment
  }
  return [...pieces, piece]
}
