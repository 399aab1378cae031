import { buffer } from 'node:stream/consumers'
import PDFDocument from 'pdfkit'
import { isFaint } from '../../platform/contrast.ts'
import { createTypesetter, type Document, type Style } from '../../platform/typeset.ts'
import { describeInvoice, type InvoiceRow, type InvoiceSum, type InvoiceText } from './describe-invoice.ts'
import { drawFooters, drawLetterhead } from './draw-letterhead.ts'
import type { InvoicePage } from './read-invoice-page.ts'
import { INK, LABEL, MUTED, PAGE, type Sheet, STRONG, TEXT } from './sheet.ts'

const WIDTH = PAGE.right - PAGE.left
const LINE = '#e4e1d8'
const WELL = '#faf9f6'
const TONES: Readonly<Record<InvoiceText['mark']['tone'], { ink: string; wash: string }>> = {
  good: { ink: '#075239', wash: '#e4f2eb' },
  due: { ink: '#7a4f00', wash: '#fdf1d3' },
  bad: { ink: '#a52a1c', wash: '#fcedea' },
  quiet: { ink: MUTED, wash: '#eceae3' },
}
const LEADING = 13.5
/** Of one name or description: whoever writes a novel there gets its beginning. */
const MOST_LINES = 8

/** An invoice as a PDF, with the seller's logo. A letter that no font has is marked; none makes it fail. */
export function printInvoice(page: InvoicePage, pageUrl: string, logo: Buffer | null = null): Promise<Buffer> {
  const text = describeInvoice(page)
  const { invoice, merchant } = page
  const doc = new PDFDocument({
    size: 'A4',
    margin: 0,
    bufferPages: true,
    lang: 'en',
    displayTitle: true,
    info: {
      Title: `${text.title} ${invoice.number}`,
      Author: merchant,
      Creator: 'Florin',
      // The same invoice is the same file.
      CreationDate: new Date(invoice.issuedAt ?? 0),
    },
  })
  const sheet: Sheet = { doc, type: createTypesetter(doc), page, text, pageUrl, logo, y: PAGE.top }
  drawLetterhead(sheet)
  drawFacts(sheet)
  drawPanel(sheet)
  drawRows(sheet)
  drawSums(sheet)
  drawNotes(sheet)
  drawFooters(sheet)
  doc.end()
  return buffer(doc)
}

/** Who it is from and for, and when. */
function drawFacts(sheet: Sheet): void {
  const { text } = sheet
  const issued = text.issued === null ? [] : [{ label: 'Issued', texts: [text.issued] }]
  const period = text.period === null ? [] : [{ label: 'Period', texts: [text.period] }]
  const billedTo = { label: 'Billed to', texts: text.billedTo }
  if (text.from === null) {
    drawColumns(sheet, [
      { ...billedTo, x: 0, width: 225 },
      ...issued.map((column) => ({ ...column, x: 245, width: 105 })),
      ...period.map((column) => ({ ...column, x: 362, width: 137.28 })),
    ])
    return
  }
  drawColumns(sheet, [
    { label: 'From', texts: text.from, x: 0, width: 225 },
    { ...billedTo, x: 245, width: 254.28 },
  ])
  drawColumns(sheet, [
    ...issued.map((column) => ({ ...column, x: 0, width: 225 })),
    ...period.map((column) => ({ ...column, x: 245, width: 254.28 })),
  ])
}

interface Column {
  readonly label: string
  readonly texts: readonly string[]
  /** From the left edge. */
  readonly x: number
  readonly width: number
}

/** Labels with what they name below, the first in bold, side by side. */
function drawColumns(sheet: Sheet, columns: readonly Column[]): void {
  const { type } = sheet
  const heights = columns.map(({ label, texts, x, width }) => {
    type.write(label, { x: PAGE.left + x, y: sheet.y }, LABEL)
    const lines = texts.flatMap((value, index) =>
      type
        .wrap(value, index === 0 ? STRONG : TEXT, width)
        .slice(0, MOST_LINES)
        .map((line) => ({ line, style: index === 0 ? STRONG : { ...TEXT, color: MUTED } })),
    )
    for (const [index, { line, style }] of lines.entries())
      type.write(line, { x: PAGE.left + x, y: sheet.y + 16 + index * LEADING }, style)
    return lines.length
  })
  if (heights.length > 0) sheet.y += 16 + Math.max(...heights) * LEADING + 14
}

/** The one number, the mark of its status, and how to pay. */
function drawPanel(sheet: Sheet): void {
  const { doc, type, page, text, pageUrl } = sheet
  const { label, amount, sentence } = text.headline
  const [left, top, right] = [PAGE.left + 20, sheet.y, PAGE.right - 20]
  const small: Style = { ...TEXT, size: 9, color: MUTED }
  const link: Style = { size: 8.5, color: page.brand.colorOnLight }
  const sentences = type.wrap(sentence, small, right - left)
  const links = page.payable ? type.wrap(pageUrl, link, right - left) : []
  const height = 87 + (sentences.length - 1) * 13 + links.length * 12
  doc.roundedRect(PAGE.left, top, WIDTH, height, 10).lineWidth(0.75).fillAndStroke(WELL, LINE)
  type.write(label, { x: left, y: top + 26 }, small)
  type.write(amount, { x: left, y: top + 51 }, { size: 23, weight: 'semibold', color: INK })
  drawMark(sheet, right, top + 16)
  if (page.payable) drawPayButton(sheet, right, top + 42)
  for (const [index, line] of sentences.entries()) type.write(line, { x: left, y: top + 72 + index * 13 }, small)
  for (const [index, line] of links.entries()) type.write(line, { x: left, y: top + 85.5 + index * 12 }, link)
  if (page.payable) doc.link(left, top + 76, right - left, links.length * 12, pageUrl)
  sheet.y += height + 34
}

/** The status in a pill that ends at `right`. */
function drawMark({ doc, type, text }: Sheet, right: number, y: number): void {
  const { label, tone } = text.mark
  const { ink, wash } = TONES[tone]
  const style: Style = { size: 8.5, weight: 'semibold', color: ink }
  const width = type.width(label, style) + 20
  doc.roundedRect(right - width, y, width, 18, 9).fill(wash)
  type.write(label, { x: right - width / 2, y: y + 12.2, align: 'center' }, style)
}

function drawPayButton({ doc, type, page: { brand }, pageUrl }: Sheet, right: number, y: number): void {
  const width = 92
  doc.roundedRect(right - width, y, width, 27, 7).lineWidth(0.75)
  if (isFaint(brand.color)) doc.fillAndStroke(brand.color, MUTED)
  else doc.fill(brand.color)
  type.write('Pay online', { x: right - width / 2, y: y + 17, align: 'center' }, { ...STRONG, color: brand.onColor })
  doc.link(right - width, y, width, 27, pageUrl)
}

const COLUMNS = { description: 265, quantity: PAGE.right - 112, amount: PAGE.right }

function drawRowHead(sheet: Sheet): void {
  const { doc, type, y } = sheet
  type.write('Description', { x: PAGE.left, y }, LABEL)
  type.write('Quantity', { x: COLUMNS.quantity, y, align: 'right' }, LABEL)
  type.write('Amount', { x: COLUMNS.amount, y, align: 'right' }, LABEL)
  sheet.y += 8
  drawRule(doc, sheet.y, INK)
}

function drawRule(doc: Document, y: number, color = LINE, from = PAGE.left): void {
  doc.moveTo(from, y).lineTo(PAGE.right, y).lineWidth(0.75).stroke(color)
}

/** The lines, over as many pages as they need, each with the head of the table. The last two stay with the sums. */
function drawRows(sheet: Sheet): void {
  const rows = sheet.text.rows.map((row) => measureRow(sheet, row))
  drawRowHead(sheet)
  for (const [index, row] of rows.entries()) {
    const together = index === rows.length - 2 ? rows.slice(index) : [row]
    const rest = index >= rows.length - 2 ? heightOfSums(sheet) : 0
    const height = together.reduce((sum, part) => sum + part.height, rest)
    if (sheet.y + height > PAGE.bottom && index > 0) {
      beginPage(sheet)
      drawRowHead(sheet)
    }
    drawRow(sheet, row)
  }
}

interface MeasuredRow extends InvoiceRow {
  readonly lines: readonly string[]
  readonly height: number
}

function measureRow({ type }: Sheet, row: InvoiceRow): MeasuredRow {
  const lines = type.wrap(row.description, TEXT, COLUMNS.description).slice(0, MOST_LINES)
  return { ...row, lines, height: 25 + (lines.length - 1) * LEADING + (row.period ? 12 : 0) }
}

function drawRow(sheet: Sheet, { lines, period, quantity, amount, height }: MeasuredRow): void {
  const { type } = sheet
  const y = sheet.y + 16.5
  for (const [index, line] of lines.entries()) type.write(line, { x: PAGE.left, y: y + index * LEADING }, TEXT)
  if (period) type.write(period, { x: PAGE.left, y: y + (lines.length - 1) * LEADING + 12 }, LABEL)
  type.write(quantity, { x: COLUMNS.quantity, y, align: 'right' }, { ...TEXT, color: MUTED })
  type.write(amount, { x: COLUMNS.amount, y, align: 'right' }, TEXT)
  sheet.y += height
  drawRule(sheet.doc, sheet.y)
}

const SUMS = { left: PAGE.left + 230, label: 180, row: 21 }

function heightOfSums({ type, text }: Sheet): number {
  const lines = text.sums.map((sum) => type.wrap(sum.label, styleOf(sum), SUMS.label).length)
  return lines.reduce((sum, count) => sum + SUMS.row + (count - 1) * LEADING, 12)
}

/** What it comes to and how it was settled, on one page. */
function drawSums(sheet: Sheet): void {
  const { text, type } = sheet
  if (sheet.y + heightOfSums(sheet) > PAGE.bottom) beginPage(sheet)
  sheet.y += 12
  for (const [index, sum] of text.sums.entries()) {
    const style = styleOf(sum)
    if (sum.strong && index > 0) drawRule(sheet.doc, sheet.y + 1.5, LINE, SUMS.left)
    const y = sheet.y + 16
    const lines = type.wrap(sum.label, style, SUMS.label)
    for (const [at, line] of lines.entries()) type.write(line, { x: SUMS.left, y: y + at * LEADING }, style)
    type.write(sum.amount, { x: PAGE.right, y, align: 'right' }, { ...style, color: INK })
    sheet.y += SUMS.row + (lines.length - 1) * LEADING
  }
}

/** Credit notes and their reasons, each on one page. */
function drawNotes(sheet: Sheet): void {
  const { text, type, doc } = sheet
  for (const [index, { name, reason, amount }] of text.notes.entries()) {
    const lines = type.wrap(reason, TEXT, SUMS.left - PAGE.left + SUMS.label).slice(0, MOST_LINES)
    const head = index === 0 ? 46 : 0
    const height = 22 + lines.length * LEADING
    if (sheet.y + head + height > PAGE.bottom) beginPage(sheet)
    if (head > 0) {
      type.write('Credit notes', { x: PAGE.left, y: sheet.y + 38 }, LABEL)
      sheet.y += head
      drawRule(doc, sheet.y, INK)
    }
    const y = sheet.y + 16.5
    type.write(name, { x: PAGE.left, y }, STRONG)
    type.write(amount, { x: PAGE.right, y, align: 'right' }, TEXT)
    for (const [at, line] of lines.entries())
      type.write(line, { x: PAGE.left, y: y + (at + 1) * LEADING }, { ...TEXT, color: MUTED })
    sheet.y += height
    drawRule(doc, sheet.y + 2)
  }
}

function styleOf({ strong }: InvoiceSum): Style {
  return strong ? { ...STRONG, size: 10.5 } : { ...TEXT, color: MUTED }
}

function beginPage(sheet: Sheet): void {
  const { doc, type, page, text } = sheet
  doc.addPage()
  const y = PAGE.top + 8
  type.write(type.clip(page.merchant, STRONG, 320), { x: PAGE.left, y }, STRONG)
  type.write(`${text.title} ${page.invoice.number}`, { x: PAGE.right, y, align: 'right' }, { ...TEXT, color: MUTED })
  sheet.y = PAGE.top + 44
}
