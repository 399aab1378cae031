import { wcagContrast } from 'culori'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { onColorOf, readableOn } from './contrast.ts'

describe('what stands on a colour', () => {
  it.each([
    ['#0a6b4b', '#ffffff'],
    ['#ffdd00', '#000000'],
    ['#000000', '#ffffff'],
    ['#ffffff', '#000000'],
    ['#ff0000', '#000000'],
    ['#0000ff', '#ffffff'],
    ['#777777', '#000000'],
    ['#757575', '#ffffff'],
  ])('on %s it is %s', (color, on) => expect(onColorOf(color)).toBe(on))
})

describe('a colour as text', () => {
  it.each([
    ['#0a6b4b', '#ffffff', '#0a6b4b'],
    ['#ffffff', '#ffffff', '#747474'],
    ['#000000', '#000000', '#777777'],
  ])('%s on %s is %s', (color, background, text) => expect(readableOn(color, background)).toBe(text))

  const color = fc.integer({ min: 0, max: 0xffffff }).map((n) => `#${n.toString(16).padStart(6, '0')}`)
  it('can always be read', () =>
    fc.assert(
      fc.property(color, fc.constantFrom('#ffffff', '#faf9f6', '#171b18', '#000000'), (text, background) => {
        expect(wcagContrast(readableOn(text, background), background)).toBeGreaterThanOrEqual(4.5)
      }),
    ))
})
