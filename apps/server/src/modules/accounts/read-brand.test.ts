import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { wcagContrast } from 'culori'
import { expect, it } from 'vitest'
import { BACKGROUNDS, colorsOf } from './read-brand.ts'

it.each([
  // what was chosen, and what it becomes: what is written on it, text on a light page, text on a dark page
  ['violet', '#7c3aed', '#ffffff', '#7c3aed', '#9b6aff'],
  ['yellow', '#ffdd00', '#000000', '#836d00', '#ffdd00'],
  ['navy', '#0a1f44', '#ffffff', '#0a1f44', '#708ab7'],
  ['black', '#000000', '#ffffff', '#000000', '#ffffff'],
  ['white', '#ffffff', '#000000', '#6c6c6c', '#ffffff'],
])('%s can be read on any page', (_, color, onColor, colorOnLight, colorOnDark) => {
  expect(colorsOf(color)).toEqual({ color, onColor, colorOnLight, colorOnDark })
  for (const background of BACKGROUNDS.light) expect(wcagContrast(colorOnLight, background)).toBeGreaterThanOrEqual(4.5)
  for (const background of BACKGROUNDS.dark) expect(wcagContrast(colorOnDark, background)).toBeGreaterThanOrEqual(4.5)
})

it('knows the backgrounds of pages and mails', () => {
  const pages = readFileSync(join(import.meta.dirname, '../../../../pages/src/styles/foundation.css'), 'utf8')
  const mails = readFileSync(join(import.meta.dirname, '../emails/render-email.ts'), 'utf8')
  for (const [index, name] of ['card', 'well', 'paper'].entries()) {
    const [light, dark] = [BACKGROUNDS.light[index], BACKGROUNDS.dark[index]]
    expect(pages).toContain(`--${name}: light-dark(${light}, ${dark});`)
    for (const color of [light, dark]) expect(mails).toContain(`${name}: '${color}'`)
  }
})
