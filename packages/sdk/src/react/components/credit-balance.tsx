import { overagePriceWords } from '../texts/price-words.ts'
import { type Texts, useTexts } from '../texts/texts-provider.tsx'
import { type CreditBalanceOptions, type CreditBalanceView, useCreditBalance } from '../use-credit-balance.ts'
import { Announcement } from './announcement.tsx'
import { type ComponentProps, classes } from './props.ts'
import { ShareBar } from './share-bar.tsx'

export interface CreditBalanceProps extends ComponentProps, CreditBalanceOptions {
  /** `card` (unless it is said) stands by itself; `inline` is a line for a header. */
  readonly variant?: 'card' | 'inline' | undefined
}

/** What is left of the customer's credits, live: of how many, until when, and what was used beyond. */
export function CreditBalance(props: CreditBalanceProps) {
  const { variant = 'card', creditType, lowPercent, className, style, labels } = props
  const texts = useTexts(labels)
  const view = useCreditBalance({ creditType, lowPercent })
  const title = texts.labels.creditType(view.creditType)
  return (
    // A span: in a line of text as well. A group, because a fieldset would be a form's.
    // biome-ignore lint/a11y/useSemanticElements: see above
    <span
      role="group"
      className={classes('florin', 'florin-balance', `florin-balance-${variant}`, className)}
      style={style}
      aria-label={title}
      data-state={view.state}
      data-status={view.status}
    >
      {variant === 'card' && <span className="florin-balance-title">{title}</span>}
      <Amount view={view} texts={texts} detailed={variant === 'card'} />
      {variant === 'card' && <ShareBar share={view.share} />}
      <Notes view={view} texts={texts} detailed={variant === 'card'} />
      <Announcement text={announcementOf(view, texts)} />
    </span>
  )
}

/** More characters than this are set smaller, so that a number of nine digits and nine decimals stays on its line. */
const LONG = 12

/** A new number rolls in; without motion it just stands there. */
function Amount({
  view: { creditType, available, granted, status },
  texts: { labels, formats },
  detailed,
}: PartProps & { detailed: boolean }) {
  if (available === undefined) {
    return (
      <span className="florin-balance-amount" aria-busy={status === 'loading' || undefined}>
        <span className="florin-balance-number florin-waiting">–</span>{' '}
        <span className="florin-balance-unit">{labels.credits(creditType, '0')}</span>
      </span>
    )
  }
  const whole = detailed && granted !== '0' && granted !== available
  const number = formats.number(available)
  return (
    <span className="florin-balance-amount">
      <span key={available} className={classes('florin-balance-number', number.length > LONG && 'florin-balance-long')}>
        <bdi>{number}</bdi>
      </span>{' '}
      <span className="florin-balance-unit">
        {labels.credits(creditType, available)}
        {whole && <span className="florin-balance-whole"> {labels.balance.ofGranted(formats.number(granted))}</span>}
      </span>
    </span>
  )
}

interface PartProps {
  readonly view: CreditBalanceView
  readonly texts: Texts
}

function Notes({ view, texts, detailed }: PartProps & { detailed: boolean }) {
  const warning = warningOf(view, texts)
  const quiet = [...(detailed ? quietNotes(view, texts) : []), ...connectionNotes(view, texts, detailed)]
  if (!warning && quiet.length === 0 && !detailed) return null
  return (
    <span className="florin-balance-notes">
      {warning && <strong className="florin-balance-warning">{warning}</strong>}
      {quiet.map((note) => (
        <span key={note}>{note}</span>
      ))}
    </span>
  )
}

function warningOf({ state, overage, overageRate }: CreditBalanceView, texts: Texts): string | undefined {
  const { balance } = texts.labels
  if (overage) {
    const price = overageRate ? overagePriceWords(overageRate.rate, overageRate.rateCard, texts) : null
    return balance.overage(texts.formats.number(overage), price)
  }
  return state === 'low' ? balance.low : state === 'empty' ? balance.empty : undefined
}

function quietNotes({ held, resetsAt, expiring }: CreditBalanceView, { labels, formats }: Texts): string[] {
  return [
    ...(held !== '0' ? [labels.balance.held(formats.number(held))] : []),
    ...(expiring ? [labels.balance.expires(formats.number(expiring.amount), formats.date(expiring.at))] : []),
    ...(resetsAt ? [labels.balance.resets(formats.date(resetsAt))] : []),
  ]
}

function connectionNotes({ status, available }: CreditBalanceView, { labels }: Texts, detailed: boolean) {
  const { balance, signIn } = labels
  if (status === 'reconnecting') return [balance.reconnecting]
  if (available !== undefined) return []
  if (status === 'signed-out') return [signIn]
  if (status === 'error') return [balance.failed]
  return detailed ? [balance.loading] : []
}

function announcementOf({ available, creditType, ...view }: CreditBalanceView, texts: Texts): string | undefined {
  if (available === undefined) return undefined
  const { labels, formats } = texts
  const left = labels.balance.announcement(formats.number(available), labels.credits(creditType, available))
  const warning = warningOf({ available, creditType, ...view }, texts)
  return warning ? `${left}. ${warning}` : left
}
