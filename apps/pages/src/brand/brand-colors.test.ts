import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { wcagContrast } from 'culori'
import { describe, expect, it } from 'vitest'
import { BACKGROUNDS, brandColors } from './brand-colors.ts'

describe('the colours of a brand', () => {
  it.each([
    // its own, and what it becomes: the button, what is written on it, the text
    ['violet', '#7c3aed', 'light', '#7c3aed', '#ffffff', '#7c3aed'],
    ['violet', '#7c3aed', 'dark', '#7c3aed', '#ffffff', '#9d6eff'],
    ['yellow', '#ffdd00', 'light', '#ffdd00', '#000000', '#836d00'],
    ['yellow', '#ffdd00', 'dark', '#ffdd00', '#000000', '#ffdd00'],
    ['navy', '#0a1f44', 'light', '#0a1f44', '#ffffff', '#0a1f44'],
    ['navy', '#0a1f44', 'dark', '#273e66', '#ffffff', '#708ab7'],
    ['black', '#000000', 'dark', '#ffffff', '#000000', '#ffffff'],
    ['white', '#ffffff', 'light', '#ffffff', '#000000', '#6c6c6c'],
  ] as const)('%s: %s, %s', (_, color, scheme, button, onButton, accent) => {
    expect(brandColors(color, scheme)).toMatchObject({ button, onButton, accent })
  })

  it('draws a line around a button that is as light as its card', () => {
    expect(brandColors('#ffffff', 'light').buttonEdge).toBe('#b3b3b3')
    expect(brandColors('#0a6b4b', 'light').buttonEdge).toBe('#0a6b4b')
  })

  // Every fourth step of red, green and blue, and grey.
  const channel = [0, 64, 128, 192, 255]
  const all = channel.flatMap((red) => channel.flatMap((green) => channel.map((blue) => [red, green, blue])))
  const hex = (color: number[]) => `#${color.map((part) => part.toString(16).padStart(2, '0')).join('')}`

  it.each(['light', 'dark'] as const)('can be read whatever was chosen: %s', (scheme) => {
    for (const color of all.map(hex)) {
      const { accent, onAccent, accentStrong, accentWash, button, onButton, buttonHover } = brandColors(color, scheme)
      const pairs = [
        ...[...BACKGROUNDS[scheme], accentWash].flatMap((background) => [
          [accent, background],
          [accentStrong, background],
        ]),
        [onAccent, accent],
        [onButton, button],
        [onButton, buttonHover],
      ] as [string, string][]
      for (const [text, background] of pairs) {
        expect(wcagContrast(text, background), `${color}: ${text} on ${background}`).toBeGreaterThanOrEqual(4.5)
      }
    }
  })

  it('know the backgrounds of the style sheet', () => {
    const css = readFileSync(join(import.meta.dirname, '../styles/foundation.css'), 'utf8')
    for (const [index, name] of ['card', 'paper', 'well'].entries()) {
      expect(css).toContain(`--${name}: light-dark(${BACKGROUNDS.light[index]}, ${BACKGROUNDS.dark[index]});`)
    }
  })
})
