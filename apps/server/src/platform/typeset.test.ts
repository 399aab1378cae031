import PDFDocument from 'pdfkit'
import { describe, expect, it } from 'vitest'
import { createTypesetter } from './typeset.ts'

const STYLE = { size: 10, color: '#000' }
const typesetter = createTypesetter(new PDFDocument({ margin: 0 }))
const wrap = (text: string, width: number) => typesetter.wrap(text, STYLE, width)

describe('wrap', () => {
  it('keeps what fits on one line', () => {
    expect(wrap('Premium', 100)).toEqual(['Premium'])
    expect(wrap('', 100)).toEqual([''])
  })

  it('breaks between words, and leaves no space at the ends', () => {
    expect(wrap('Character generation with   all of its details ', 105)).toEqual([
      'Character generation',
      'with all of its details',
    ])
  })

  it('breaks a word that is wider than a line, and Chinese and Japanese anywhere', () => {
    expect(wrap(`id ${'x'.repeat(30)}`, 60).join('')).toBe(`id${'x'.repeat(30)}`)
    expect(wrap('東京都千代田区丸の内、一丁目', 60).length).toBeGreaterThan(1)
  })

  it.each([
    'Premium for 12 seats',
    'a'.repeat(400),
    '東京都千代田区丸の内一丁目'.repeat(5),
    'שלום עולם '.repeat(20),
    '👩‍👩‍👧'.repeat(40),
  ])('makes no line of "%s" wider than asked', (text) => {
    for (const line of wrap(text, 75)) expect(typesetter.width(line, STYLE)).toBeLessThanOrEqual(75)
  })
})

describe('clip', () => {
  it('leaves out what is too much, and says so', () => {
    expect(typesetter.clip('Persona', STYLE, 60)).toBe('Persona')
    const clipped = typesetter.clip('Persona Laboratories Holding', STYLE, 90)
    expect(clipped).toMatch(/^Persona Lab.*…$/)
    expect(typesetter.width(clipped, STYLE)).toBeLessThanOrEqual(90)
  })
})
