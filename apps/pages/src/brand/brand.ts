/** What the schema calls `Brand`: how the seller looks. */
export type Brand = {
  name: string
  logoUrl: string | null
  color: string
  onColor: string
  colorOnLight: string
  colorOnDark: string
  termsUrl: string | null
  privacyUrl: string | null
  supportUrl: string | null
  supportEmail: string | null
}

/** A selection of all of it, for the documents of pages. */
export const BRAND_SELECTION = `brand { name logoUrl color onColor colorOnLight colorOnDark termsUrl privacyUrl supportUrl supportEmail }`
