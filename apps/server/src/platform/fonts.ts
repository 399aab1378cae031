import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { create, type Font } from 'fontkit'

// The fonts of documents. Names come from all over the world, so a text is written in the first font that has its letters:
// docs/decisions/0008-… says which fonts and why.

const FILES = {
  regular: '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
  semibold: '@expo-google-fonts/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf',
  /** Arabic, Hebrew, Armenian, Georgian and symbols. */
  wide: 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf',
  /** Chinese and Japanese. */
  han: '@expo-google-fonts/chocolate-classical-sans/400Regular/ChocolateClassicalSans_400Regular.ttf',
  /** Korean. */
  hangul: '@expo-google-fonts/gowun-dodum/400Regular/GowunDodum_400Regular.ttf',
} as const

export type FontName = keyof typeof FILES
export type Weight = 'regular' | 'semibold'

const FALLBACKS: readonly FontName[] = ['wide', 'han', 'hangul']
const MISSING = '\uFFFD'

/** A part of a text in one font and one direction. */
export interface Run {
  readonly font: FontName
  readonly text: string
  readonly rightToLeft: boolean
}

const require = createRequire(import.meta.url)
const parsed = new Map<FontName, Font>()

/** A font, read from its file when it is first needed. */
export function parsedFont(name: FontName): Font {
  const font = parsed.get(name) ?? (create(readFileSync(require.resolve(FILES[name]))) as Font)
  parsed.set(name, font)
  return font
}

/** The text in runs. What no font has becomes a replacement mark: one for each letter that a reader would count. */
export function runsOf(text: string, weight: Weight): Run[] {
  const runs: Run[] = []
  for (const { segment } of graphemes.segment(text.normalize('NFC').replace(/[\s\p{Cc}]+/gu, ' '))) {
    const last = runs.at(-1)
    const next = runOf(segment, weight, last)
    if (last?.font !== next.font || last.rightToLeft !== next.rightToLeft) runs.push(next)
    else runs[runs.length - 1] = { ...last, text: last.text + next.text }
  }
  return runs.flatMap(endAtLetter)
}

const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}]/u
const NEUTRAL = /^[^\p{L}\p{N}]+$/u

/** What stands between letters goes with those before it. */
function runOf(text: string, weight: Weight, last: Run | undefined): Run {
  if (last && NEUTRAL.test(text) && hasLetter(last.font, text)) return { ...last, text }
  const font = [weight, ...FALLBACKS].find((name) => hasLetter(name, text))
  return { font: font ?? weight, text: font ? text : MISSING, rightToLeft: RIGHT_TO_LEFT.test(text) }
}

/** What follows the last word of a right-to-left run is not part of what is turned round. */
function endAtLetter(run: Run): Run[] {
  const [end = ''] = run.rightToLeft ? (/[^\p{L}\p{N}]+$/u.exec(run.text) ?? []) : []
  if (end === '') return [run]
  return [
    { ...run, text: run.text.slice(0, -end.length) },
    { ...run, text: end, rightToLeft: false },
  ]
}

/** Whether the fonts have every letter of a text. */
export function isWritable(text: string): boolean {
  const fonts: FontName[] = ['regular', ...FALLBACKS]
  return [...graphemes.segment(text)].every(({ segment }) => fonts.some((font) => hasLetter(font, segment)))
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

function hasLetter(name: FontName, letter: string): boolean {
  // Joiners and selectors change how a letter looks; a font that has the letter need not know them.
  const points = [...letter].filter((point) => !/\p{Default_Ignorable_Code_Point}/u.test(point))
  return points.every((point) => parsedFont(name).hasGlyphForCodePoint(point.codePointAt(0) as number))
}
