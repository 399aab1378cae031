import {
  useMode as addMode,
  converter,
  formatHex,
  interpolate,
  modeLrgb,
  modeOklab,
  modeOklch,
  modeRgb,
  toGamut,
  wcagContrast,
} from 'culori/fn'

// A colour that the seller chose, on backgrounds that we chose: it is made readable by WCAG's contrast, and keeps its hue.

addMode(modeRgb)
addMode(modeLrgb)
addMode(modeOklab)
addMode(modeOklch)
const oklch = converter('oklch')
const inside = toGamut('rgb', 'oklch')

/** The backgrounds of foundation.css that text in the brand's colour may stand on. The card is the first. */
export const BACKGROUNDS = {
  light: ['#ffffff', '#f4f2ec', '#faf9f6'],
  dark: ['#171b18', '#0e110f', '#1d221f'],
} as const

/** The custom properties of foundation.css that a brand changes, for one colour scheme. */
export interface BrandColors {
  /** Text, links, lines and marks on any background. */
  readonly accent: string
  readonly onAccent: string
  /** Text on the wash. */
  readonly accentStrong: string
  readonly accentWash: string
  /** The button that matters: the brand's own colour, if it can be seen there. */
  readonly button: string
  readonly onButton: string
  readonly buttonHover: string
  /** A line around a button that the eye would not find. */
  readonly buttonEdge: string
}

const TEXT = 4.5
const SHAPE = 3
/** So that a filled button is not lost in the dark, where it has no edge. */
const FOUND = 1.6

export function brandColors(chosen: string, scheme: keyof typeof BACKGROUNDS): BrandColors {
  const backgrounds = BACKGROUNDS[scheme]
  const [card] = backgrounds
  const color = scheme === 'dark' ? turnedOver(chosen) : chosen
  const wash = mix(card, color, scheme === 'light' ? 0.1 : 0.16)
  const accent = moved(color, [...backgrounds, wash], TEXT)
  const button = scheme === 'light' ? color : moved(color, [card], FOUND)
  const onButton = onColorOf(button)
  return {
    accent,
    onAccent: onColorOf(accent),
    accentStrong: moved(accent, [...backgrounds, wash], TEXT + 1.5),
    accentWash: wash,
    button,
    onButton,
    // Away from what is written on it, so that it reads no worse.
    buttonHover: mix(button, onButton === '#ffffff' ? '#000000' : '#ffffff', 0.14),
    buttonEdge: wcagContrast(button, card) < SHAPE ? mix(button, onButton, 0.3) : button,
  }
}

const GREY = 0.02
const DARK = 0.35

/** Black is the strongest colour by day and the weakest by night: a dark grey takes the light of its opposite. */
function turnedOver(color: string): string {
  const from = oklch(color)
  return from && from.c < GREY && from.l < DARK ? formatHex(inside({ ...from, l: 1 - from.l })) : color
}

/** Black or white, whichever reads better on it: what the server calls `onColor`. */
function onColorOf(color: string): '#000000' | '#ffffff' {
  return wcagContrast(color, '#ffffff') >= wcagContrast(color, '#000000') ? '#ffffff' : '#000000'
}

const STEPS = 100

/** The colour, with as little more or less light as it needs to stand out from all backgrounds. */
function moved(color: string, backgrounds: readonly string[], contrast: number): string {
  const enough = (candidate: string) =>
    backgrounds.every((background) => wcagContrast(candidate, background) >= contrast)
  const from = oklch(color)
  if (enough(color) || !from) return color
  const towards = onColorOf(backgrounds[0] as string) === '#000000' ? 0 : 1
  for (let step = 1; step < STEPS; step++) {
    const candidate = formatHex(inside({ ...from, l: from.l + ((towards - from.l) * step) / STEPS }))
    if (enough(candidate)) return candidate
  }
  return onColorOf(backgrounds[0] as string)
}

function mix(from: string, to: string, share: number): string {
  return formatHex(interpolate([from, to], 'rgb')(share))
}
