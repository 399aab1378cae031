/** What a mail says, for its HTML and its plain text alike. */
export interface MailContent {
  readonly subject: string
  /** What a list of mails shows beside the subject. */
  readonly preview: string
  readonly heading: string
  readonly parts: readonly MailPart[]
}

export type MailPart =
  | { readonly kind: 'text'; readonly text: string }
  /** The one number, and what it means. */
  | { readonly kind: 'figure'; readonly label: string; readonly value: string; readonly sentence: string | null }
  | { readonly kind: 'facts'; readonly facts: readonly { readonly label: string; readonly value: string }[] }
  | { readonly kind: 'rows'; readonly rows: readonly MailRow[] }
  | { readonly kind: 'button'; readonly label: string; readonly url: string }

export interface MailRow {
  readonly label: string
  /** Below the label, smaller. */
  readonly detail: string | null
  readonly amount: string
  /** A line that others add up to. */
  readonly strong: boolean
}
