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

// Colours that somebody else chose, made readable: WCAG's contrast, and lightness moved without another hue. The hosted
// pages do the same for their own backgrounds (apps/pages/src/brand/brand-colors.ts).

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

/** The colour as text on a background: itself where that reads well, else as little darker or lighter as helps. */
export function readableOn(color: string, background: string): string {
  if (wcagContrast(color, background) >= READABLE) return color
  const from = oklch(color)
  if (!from) throw new Error(`"${color}" is no colour`)
  const towards = onColorOf(background) === '#000000' ? 0 : 1
  for (let step = 1; step < STEPS; step++) {
    const moved = formatHex(inside({ ...from, l: from.l + ((towards - from.l) * step) / STEPS }))
    if (wcagContrast(moved, background) >= READABLE) return moved
  }
  return onColorOf(background)
}
