import { checkStorable, invalidInput } from '../../platform/errors.ts'
import { isLocalOrigin } from './set-allowed-origins.ts'
import type { Project } from './viewer.ts'

/** Left out: stays; null: removed. */
export interface BrandInput {
  name?: string | null | undefined
  /** A data: URL of a PNG or JPEG. */
  logo?: string | null | undefined
  color?: string | null | undefined
  termsUrl?: string | null | undefined
  privacyUrl?: string | null | undefined
  supportUrl?: string | null | undefined
  supportEmail?: string | null | undefined
}

/** All of a brand but its logo, as it is stored. */
export type BrandTexts = { readonly [Field in Exclude<keyof BrandInput, 'logo'>]: string | null }

const CHECKS: { readonly [Field in keyof BrandTexts]: (text: string, field: Field, mode: Project['mode']) => string } =
  {
    name: checkName,
    color: checkColor,
    termsUrl: checkLink,
    privacyUrl: checkLink,
    supportUrl: checkLink,
    supportEmail: checkMailAddress,
  }

/** What the input changes of a brand's texts. Throws INVALID_INPUT. */
export function checkBrand({ mode }: Pick<Project, 'mode'>, input: BrandInput): Partial<BrandTexts> {
  const fields = Object.keys(CHECKS) as (keyof BrandTexts)[]
  return Object.fromEntries(
    fields.flatMap((field) => {
      const text = input[field]
      if (text === undefined) return []
      const check = CHECKS[field] as (text: string, field: string, mode: Project['mode']) => string
      return [[field, text === null ? null : check(checkStorable(text, field), field, mode)]]
    }),
  )
}

// It stands in subjects of mails and above pages that ask for money: no line breaks, and nothing that turns text around.
const NAME = /^(?=\S)[^\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]{1,80}(?<=\S)$/u

function checkName(text: string, field: string): string {
  if (NAME.test(text)) return text
  throw invalidInput(field, 'name is 1 to 80 characters on one line, such as "Persona"')
}

function checkColor(text: string, field: string): string {
  if (/^#[0-9a-f]{6}$/i.test(text)) return text.toLowerCase()
  throw invalidInput(field, 'color is "#" and six hexadecimal digits, such as "#0a6b4b"')
}

const MOST_LINK = 500

/** Customers follow it from pages and mails. */
function checkLink(text: string, field: string, mode: Project['mode']): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const local = mode === 'SANDBOX' && url?.protocol === 'http:' && isLocalOrigin(url.origin)
  const plain = url && !url.username && !url.password && url.href.length <= MOST_LINK
  if (plain && (url.protocol === 'https:' || local)) return url.href
  throw invalidInput(
    field,
    `${field} is a link of at most ${MOST_LINK} characters that begins with https:// (in a sandbox also http://localhost)`,
  )
}

const MAIL_ADDRESS = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?=.{1,189}$)[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$/u

/** Whether text is one address that mails may be sent to: it can not break out of a header. */
export function isMailAddress(text: string): boolean {
  return MAIL_ADDRESS.test(text)
}

/** An address that stands in headers of mails and in mailto: links. Throws INVALID_INPUT. */
export function checkMailAddress(text: string, field: string): string {
  if (isMailAddress(text)) return text
  throw invalidInput(field, `${field} is an e-mail address such as "help@example.com"`)
}
