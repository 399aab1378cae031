import { wcagContrast } from 'culori'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { onColorOf, readableOn, turnedOver } from './contrast.ts'

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
  ])('%s on %s is %s', (color, background, text) => expect(readableOn(color, [background])).toBe(text))

  const color = fc.integer({ min: 0, max: 0xffffff }).map((n) => `#${n.toString(16).padStart(6, '0')}`)
  const backgrounds = fc.constantFrom<[string, ...string[]]>(
    ['#ffffff', '#f4f2ec'],
    ['#171b18', '#0e110f'],
    ['#000000'],
  )
  it('can always be read', () =>
    fc.assert(
      fc.property(color, backgrounds, (text, all) => {
        for (const background of all) {
          expect(wcagContrast(readableOn(text, all), background)).toBeGreaterThanOrEqual(4.5)
        }
      }),
    ))
})

it.each([
  ['#000000', '#ffffff'],
  ['#16201b', '#aab7b0'],
  ['#222222', '#adadad'],
  ['#888888', '#888888'],
  ['#0a1f44', '#0a1f44'],
])('by night, %s is %s', (color, turned) => expect(turnedOver(color)).toBe(turned))
