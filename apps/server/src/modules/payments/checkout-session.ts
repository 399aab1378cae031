import type { Money } from '@florin/core'
import { realNow } from '../../platform/clock.ts'
import type { Database, Transaction } from '../../platform/database.ts'
import { newId } from '../../platform/ids.ts'
import { idInPageToken, isPageToken, pageToken } from '../accounts/page-token.ts'
import { PROJECT_COLUMNS, type ProjectRow, toProject } from '../accounts/read-project.ts'
import type { Project } from '../accounts/viewer.ts'
import { expireOldCheckouts } from './expire-old-checkouts.ts'
import type { CheckoutSubject } from './provider-checkouts.ts'
import type { CheckoutPurpose, Outcome, Purpose } from './purpose.ts'
import type { PaymentMethodType } from './read-payment-profile.ts'

export type CheckoutStatus = 'OPEN' | 'PROCESSING' | 'PENDING' | 'COMPLETED' | 'EXPIRED' | 'REFUNDED'

/** A checkout session as stored. Instants in epoch milliseconds, real time: sessions live 60 minutes. */
export interface CheckoutSession {
  readonly id: string
  readonly customerPk: number
  readonly status: CheckoutStatus
  readonly purpose: CheckoutPurpose
  /** As it was opened, before anybody ordered another number on its page. */
  readonly openedPurpose: CheckoutPurpose
  readonly amount: Money
  readonly description: string
  readonly successUrl: string
  readonly cancelUrl: string
  readonly providerSessionId: string | null
  /** Who pays, as the provider was told; null: it was not. */
  readonly providerCustomerId: string | null
  readonly types: readonly PaymentMethodType[]
  /** Opened by a link that lives long: no method on file is charged in it. */
  readonly byLink: boolean
  /** Whether the new method that pays is kept and charged from then on. */
  readonly saveMethod: boolean
  readonly outcome: Outcome | null
  readonly expiresAt: number
}

export interface NewCheckout {
  readonly customerPk: number
  readonly purpose: CheckoutPurpose
  readonly purposeHash: string
  readonly amount: Money
  readonly description: string
  readonly successUrl: string
  readonly cancelUrl: string
  /** Left out: it was asked for with the customer's token or a secret key. */
  readonly byLink?: boolean
  /** Left out: what pays is kept. */
  readonly saveMethod?: boolean
}

const LIFE_MS = 60 * 60_000

type Row = Omit<CheckoutSession, 'amount'> & { amountMinor: number; currency: string }

const COLUMNS = `s.id, s.customer_pk as "customerPk", s.status::text, s.purpose,
  coalesce(s.opened_purpose, s.purpose) as "openedPurpose", s.amount_minor as "amountMinor",
  s.currency, s.description, s.success_url as "successUrl", s.cancel_url as "cancelUrl",
  s.provider_session_id as "providerSessionId", s.provider_customer_id as "providerCustomerId",
  s.payment_method_types::text[] as types, s.by_link as "byLink", s.save_method as "saveMethod", s.outcome, s.expires_at as "expiresAt"`

/**
 * Opens a session, or answers the open one that buys the same thing for the same customer and leads back to the same
 * place: two tabs share a session, and only one payment is possible in it. What a link has opened is not shared with what the
 * customer has. One whose money is on its way is answered too,
 * wherever it leads back to: the same thing is not paid twice because a bank takes days. Credits may be bought again.
 * Behind the customer's lock. A customer has 20 at most that can be paid: a new one ends the oldest that nobody is paying.
 * Throws RATE_LIMITED where all are being paid.
 */
export async function openCheckout(tx: Transaction, project: Project, checkout: NewCheckout): Promise<CheckoutSession> {
  const [known] = await tx.query<Row>(
    `select ${COLUMNS} from checkout_session s
     where s.customer_pk = $1 and s.purpose_hash = $2 and s.amount_minor = $6 and (s.status = 'PENDING' and (s.purpose->>'kind' <> 'bundle' or s.purpose ? 'topUp')
       or s.status in ('OPEN', 'PROCESSING') and s.expires_at > $3 and s.success_url = $4 and s.cancel_url = $5 and s.by_link = $7)
     order by s.status = 'PENDING' desc, s.expires_at desc limit 1`,
    [
      checkout.customerPk,
      checkout.purposeHash,
      new Date(realNow() + LIFE_MS / 2),
      checkout.successUrl,
      checkout.cancelUrl,
      checkout.amount.minor,
      checkout.byLink ?? false,
    ],
  )
  if (known) return toSession(known)
  await expireOldCheckouts(tx, checkout.customerPk)
  const [row] = await tx.query<Row>(
    `insert into checkout_session as s (id, project_id, customer_pk, status, purpose, opened_purpose, purpose_hash, amount_minor,
       currency, description, success_url, cancel_url, expires_at, by_link, save_method, payment_method_types)
     values ($1, $2, $3, 'OPEN', $4, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, (select payment_method_types from project where id = $2))
     returning ${COLUMNS}`,
    [
      newId(),
      project.id,
      checkout.customerPk,
      JSON.stringify(checkout.purpose),
      checkout.purposeHash,
      checkout.amount.minor,
      checkout.amount.currency,
      checkout.description,
      checkout.successUrl,
      checkout.cancelUrl,
      new Date(realNow() + LIFE_MS),
      checkout.byLink ?? false,
      checkout.saveMethod ?? true,
    ],
  )
  return toSession(row as Row)
}

export async function readCheckout(
  database: Pick<Database, 'query'>,
  id: string,
  lock: '' | 'for update' = '',
): Promise<CheckoutSession | null> {
  const [row] = await database.query<Row>(`select ${COLUMNS} from checkout_session s where s.id = $1 ${lock}`, [id])
  return row ? toSession(row) : null
}

/** The token that stands in a session's URL: its id, and a signature that only this project's secret can make. */
export function checkoutToken(project: Project, sessionId: string): string {
  return pageToken('checkout', project, sessionId)
}

/** The session that a token opens, with its project; null if the token was not made by Florin. */
export async function readCheckoutByToken(
  database: Database,
  token: string,
): Promise<{ session: CheckoutSession; project: Project } | null> {
  const id = idInPageToken('checkout', token)
  if (!id) return null
  const [found] = await database.query<ProjectRow>(
    `select ${PROJECT_COLUMNS} from checkout_session s join project p on p.id = s.project_id where s.id = $1`,
    [id],
  )
  if (!found) return null
  const project = toProject(found)
  if (!isPageToken('checkout', project, id, token)) return null
  const session = await readCheckout(database, id)
  return session && { session, project }
}

/** What is bought in a session. @throws for one that only saves a method. */
export function soldIn({ id, purpose }: CheckoutSession): Purpose {
  if (purpose.kind === 'setup') throw new Error(`nothing is sold in the checkout session ${id}`)
  return purpose
}

/** What the provider's answers about a session must be about. */
export function subjectOf({ id, purpose, amount, providerCustomerId }: CheckoutSession): CheckoutSubject {
  return { reference: id, amount: purpose.kind === 'setup' ? null : amount, providerCustomerId }
}

/** Whether the session can still be paid, as of now. */
export function isOver(session: CheckoutSession): boolean {
  return session.status === 'OPEN' && session.expiresAt <= realNow()
}

/** Whether the session's hour is over, whatever came of it: its link is kept by browsers and in mailboxes all the same. */
export function hourIsOver({ expiresAt }: Pick<CheckoutSession, 'expiresAt'>): boolean {
  return expiresAt <= realNow()
}

function toSession({ amountMinor, currency, ...row }: Row): CheckoutSession {
  return { ...row, amount: { minor: BigInt(amountMinor), currency } }
}

/** Where the customer can pay: the page's address, and the token for an overlay. */
export function linkTo(publicUrl: string, project: Project, session: CheckoutSession) {
  const token = checkoutToken(project, session.id)
  return { kind: 'checkout' as const, url: `${publicUrl}/checkout/${token}`, token, expiresAt: session.expiresAt }
}
