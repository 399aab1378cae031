import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWritable, parsedFont, runsOf } from './fonts.ts'

describe('runsOf', () => {
  it.each([
    // text | fonts
    ['Ada Lovelace, 107.20 €', 'semibold'],
    ['Łukasz Żółć', 'semibold'],
    ['Nguyễn Thị Ánh', 'semibold'],
    ['Ελένη Παπαδοπούλου', 'semibold'],
    ['Ольга Ковальчук', 'semibold'],
    ['नमस्ते', 'semibold'],
    ['Հայաստան', 'wide'],
    ['საქართველო', 'wide'],
    ['株式会社ヒカリ', 'han'],
    ['深圳市汉语有限公司', 'han'],
    ['주식회사 한글', 'hangul'],
    ['ACME 株式会社', 'semibold han'],
  ])('%s is written in %s', (text, fonts) => {
    const runs = runsOf(text, 'semibold')
    expect(runs.map(({ font }) => font).join(' ')).toBe(fonts)
    expect(runs.map((run) => run.text).join('')).toBe(text.normalize('NFC'))
  })

  it('marks what no font has, once for each letter', () => {
    expect(runsOf('Ada 👩‍👩‍👧 🚀!', 'regular')).toMatchObject([{ font: 'regular', text: 'Ada \uFFFD \uFFFD!' }])
    expect(isWritable('₹ 5')).toBe(true)
    expect(isWritable('৳ 5')).toBe(false)
  })

  it('keeps right-to-left words together, to be turned round as one', () => {
    expect(runsOf('شركة النور، Ltd', 'regular')).toEqual([
      { font: 'wide', text: 'شركة النور', rightToLeft: true },
      { font: 'wide', text: '، ', rightToLeft: false },
      { font: 'regular', text: 'Ltd', rightToLeft: false },
    ])
  })

  it('makes one line of text with breaks and control characters', () => {
    expect(runsOf('one\n\ttwo\u0000three', 'regular')).toMatchObject([{ font: 'regular', text: 'one two three' }])
  })

  it('finds a font that has each letter of any text', () => {
    const visible = /[^\p{Default_Ignorable_Code_Point}]/gu
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const run of runsOf(text, 'regular')) {
          for (const letter of run.text.match(visible) ?? []) {
            expect(parsedFont(run.font).hasGlyphForCodePoint(letter.codePointAt(0) as number)).toBe(true)
          }
        }
      }),
    )
  })
})
