import type { Document, Style, Typesetter } from '../../platform/typeset.ts'
import type { InvoiceText } from './describe-invoice.ts'
import type { InvoicePage } from './read-invoice-page.ts'

// A4, in points. The colours are those of the hosted pages.
export const PAGE = { left: 48, right: 547.28, top: 48, bottom: 776, footer: 804 }
export const INK = '#16201b'
export const MUTED = '#5b665f'

export const TEXT: Style = { size: 9.5, color: INK }
export const STRONG: Style = { ...TEXT, weight: 'semibold' }
export const LABEL: Style = { size: 8.5, color: MUTED }

/** The document while it is drawn: what is next stands at `y`. */
export interface Sheet {
  readonly doc: Document
  readonly type: Typesetter
  readonly page: InvoicePage
  readonly text: InvoiceText
  readonly pageUrl: string
  /** The seller's logo, if there is one. */
  readonly logo: Buffer | null
  y: number
}
