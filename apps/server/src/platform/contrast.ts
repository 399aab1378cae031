import {
  useMode as addMode,
  converter,
  formatHex,
  modeLrgb,
  modeOklab,
  modeOklch,
  modeRgb,
  toGamut,
  wcagContrast,
} from 'culori/fn'

// Colours that somebody else chose, made readable: WCAG's contrast, and lightness moved without another hue. Pages, mails and
// documents get them from here; none computes its own.

addMode(modeRgb)
addMode(modeLrgb)
addMode(modeOklab)
addMode(modeOklch)
const oklch = converter('oklch')
const inside = toGamut('rgb', 'oklch')

/** Black or white, whichever reads better on "#rrggbb". */
export function onColorOf(color: string): '#000000' | '#ffffff' {
  return wcagContrast(color, '#ffffff') >= wcagContrast(color, '#000000') ? '#ffffff' : '#000000'
}

/** Whether a shape of this colour is lost on white paper without a line around it. */
export function isFaint(color: string): boolean {
  return wcagContrast(color, '#ffffff') < SHAPE
}

/** What shapes need, and small text, by WCAG 2 AA. */
const SHAPE = 3
const READABLE = 4.5
const STEPS = 100

/** The colour as text on any of these backgrounds: itself where that reads well, else as little darker or lighter as helps. */
export function readableOn(color: string, backgrounds: readonly [string, ...string[]]): string {
  const reads = (text: string) => backgrounds.every((background) => wcagContrast(text, background) >= READABLE)
  if (reads(color)) return color
  const from = oklch(color)
  if (!from) throw new Error(`"${color}" is no colour`)
  const strongest = onColorOf(backgrounds[0])
  const towards = strongest === '#000000' ? 0 : 1
  for (let step = 1; step < STEPS; step++) {
    const moved = formatHex(inside({ ...from, l: from.l + ((towards - from.l) * step) / STEPS }))
    if (reads(moved)) return moved
  }
  return strongest
}

const GREY = 0.02
const DARK = 0.35

/** A dark grey in the light of its opposite, other colours as they are: black is strongest by day and weakest by night. */
export function turnedOver(color: string): string {
  const from = oklch(color)
  return from && from.c < GREY && from.l < DARK ? formatHex(inside({ ...from, l: 1 - from.l })) : color
}
