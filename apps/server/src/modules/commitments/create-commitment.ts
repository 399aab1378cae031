import {
  type Credits,
  currencyDecimals,
  type ExactMoney,
  formatAmount,
  type Money,
  multiply,
  parseMoney,
  type Rate,
  roundToMinor,
} from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import { checkKey, runCommand } from '../../platform/command.ts'
import type { Transaction } from '../../platform/database.ts'
import { checkStorable, invalidInput } from '../../platform/errors.ts'
import { newId, publicId } from '../../platform/ids.ts'
import { type Customer, findCustomer } from '../accounts/read-customer.ts'
import type { Project } from '../accounts/viewer.ts'
import { checkDecimal } from '../catalog/check-rate-card.ts'
import { announceEvent } from '../events/announce-event.ts'
import { DEFAULT_PRIORITY } from '../ledger/add-grant.ts'
import { findCreditType, type LedgerDeps } from '../ledger/create-wallet.ts'
import { findMeters } from '../ledger/find-meters.ts'
import { findWallet } from '../ledger/find-wallet.ts'
import { type AccountSession, withAccount } from '../ledger/with-account.ts'
import { type CommitmentView, commitmentView, readCommitment } from './read-commitments.ts'

export interface CommittedCreditsInput {
  creditType: string
  amount: unknown
  unitPrice: unknown
  currency?: string | null | undefined
  appliesTo?: readonly string[] | null | undefined
  priority?: number | null | undefined
  walletId?: string | null | undefined
}

export interface CreateCommitmentInput {
  customerId: string
  name: string
  /** Epoch milliseconds; NaN: what was sent is no instant. */
  startsAt?: number | null | undefined
  endsAt: number
  credits?: CommittedCreditsInput | null | undefined
  money?: { amount: unknown; currency: string } | null | undefined
  idempotencyKey: string
}

/** What is committed, checked and with internal keys. */
type Terms =
  | {
      readonly kind: 'CREDITS'
      readonly amount: Credits
      readonly unitPrice: Rate
      readonly currency: string
      readonly creditTypePk: number
      readonly appliesTo: readonly number[]
      readonly priority: number
      readonly walletId: string | null
    }
  | { readonly kind: 'MONEY'; readonly amount: Money; readonly currency: string }

/**
 * Commits a customer to credits at a price, which are granted for the term, or to a minimum spend. A retry with the same key
 * answers the commitment as it was made. Throws NOT_FOUND, INVALID_INPUT.
 */
export async function createCommitment(
  deps: LedgerDeps,
  project: Project,
  input: CreateCommitmentInput,
): Promise<CommitmentView> {
  const name = checkName(input.name)
  const customer = await findCustomer(deps.database, project, input.customerId)
  const terms = await checkTerms(deps, project, customer, input)
  const { idempotencyKey, ...rest } = input
  const key = checkKey(idempotencyKey)
  const command = { projectId: project.id, operation: 'createCommitment', scope: customer.id, key, input: rest }
  const answer = await runCommand(deps.database, command, async (tx) => {
    // Here, so that a key that was used still answers, whatever has changed since.
    refuseOtherCurrency(customer, terms)
    const now = nowOf(project)
    const span = checkSpan(input, now)
    const { result, version } = await withAccount(tx, customer.pk, now, async (session) => {
      const id = newId()
      const grantId = terms.kind === 'CREDITS' ? await grant(tx, session, customer, { id, name, span, terms }) : null
      if (grantId === null) session.touch()
      writeCommitment(tx, customer, { id, name, span, terms, grantId })
      const view = commitmentView(await readCommitment(tx, id), now)
      announce(tx, customer, view, now)
      return view
    })
    return { view: result, version }
  })
  deps.pubsub.publish([{ key: customer.pk, version: answer.version }])
  return answer.view
}

interface NewCommitment<Kind extends Terms = Terms> {
  readonly id: string
  readonly name: string
  readonly span: { readonly startsAt: number; readonly endsAt: number }
  readonly terms: Kind
}

/** The credits of the contract, for its term. */
async function grant(
  tx: Transaction,
  session: AccountSession,
  customer: Customer,
  { id, name, span, terms }: NewCommitment<Extract<Terms, { kind: 'CREDITS' }>>,
): Promise<string> {
  const { creditTypePk, amount, priority, appliesTo, walletId } = terms
  const wallet = walletId && (await findWallet(tx, customer, creditTypePk, walletId, 'credits.walletId'))
  return session.add(
    {
      customerPk: customer.pk,
      creditType: creditTypePk,
      kind: 'COMMITTED',
      amount,
      priority,
      effectiveAt: span.startsAt,
      expiresAt: span.endsAt,
      appliesTo,
      ...(wallet ? { wallet } : {}),
    },
    () => ({ type: 'commitment', id: publicId('com', id), detail: { name } }),
  )
}

function writeCommitment(
  tx: Transaction,
  customer: Customer,
  { id, name, span, terms, grantId }: NewCommitment & { readonly grantId: string | null },
): void {
  const credits = terms.kind === 'CREDITS' ? terms : null
  tx.send(
    `insert into commitment (id, customer_pk, name, kind, currency, committed, credit_type_pk, grant_id, unit_price,
       starts_at, ends_at, due_at) values ($1, $2, $3, $4::commitment_kind, $5, $6, $7, $8, $9, $10, $11, $11)`,
    [
      id,
      customer.pk,
      name,
      terms.kind,
      terms.currency,
      terms.kind === 'CREDITS' ? formatAmount(terms.amount) : terms.amount.minor,
      credits?.creditTypePk ?? null,
      grantId,
      credits && formatAmount(credits.unitPrice),
      new Date(span.startsAt),
      new Date(span.endsAt),
    ],
  )
}

function announce(tx: Transaction, customer: Customer, view: CommitmentView, now: number): void {
  const { id, name, kind, currency, committed, startsAt, endsAt, grantId } = view
  announceEvent(tx, {
    customerPk: customer.pk,
    type: 'commitment.created',
    data: {
      id: publicId('com', id),
      name,
      kind,
      currency,
      committed,
      startsAt: new Date(startsAt).toISOString(),
      endsAt: new Date(endsAt).toISOString(),
      grantId: grantId && publicId('gr', grantId),
    },
    occurredAt: now,
  })
}

function checkName(name: string): string {
  checkStorable(name, 'name')
  if (/^\S.{0,99}$/.test(name)) return name
  throw invalidInput('name', 'name is 1 to 100 characters: the customer reads it on the invoice')
}

function checkSpan({ startsAt = null, endsAt }: CreateCommitmentInput, now: number): NewCommitment['span'] {
  const start = startsAt ?? now
  if (Number.isNaN(start)) throw invalidInput('startsAt', 'startsAt is not an instant such as "2027-01-31T00:00:00Z"')
  if (Number.isNaN(endsAt)) throw invalidInput('endsAt', 'endsAt is not an instant such as "2027-01-31T00:00:00Z"')
  if (endsAt <= Math.max(start, now))
    throw invalidInput('endsAt', 'a commitment ends after it begins, and in the future')
  return { startsAt: start, endsAt }
}

async function checkTerms(
  deps: LedgerDeps,
  project: Project,
  customer: Customer,
  { credits, money }: CreateCommitmentInput,
): Promise<Terms> {
  if (credits && !money) return checkCredits(deps, project, customer, credits)
  if (!money || credits) throw invalidInput('credits', 'give exactly one of credits and money')
  checkCurrency(money.currency, 'money.currency')
  const amount = parseMoney(money.amount, money.currency)
  if (!amount || amount.minor <= 0n || amount.minor > MOST_MINOR) {
    const decimals = currencyDecimals(money.currency)
    throw invalidInput(
      'money.amount',
      `amount is a positive amount in ${money.currency} with at most ${decimals} decimals`,
    )
  }
  return { kind: 'MONEY', amount, currency: money.currency }
}

/** The most that a line of an invoice can say. */
const MOST_MINOR = 10n ** 15n
const USUAL_CURRENCY = 'USD'

async function checkCredits(
  deps: LedgerDeps,
  project: Project,
  customer: Customer,
  input: CommittedCreditsInput,
): Promise<Terms> {
  const amount = checkDecimal<'credits'>(input.amount, 'credits.amount', 'positive')
  const unitPrice = checkDecimal<'rate'>(input.unitPrice, 'credits.unitPrice', 'zero')
  const currency = input.currency ?? customer.currency ?? USUAL_CURRENCY
  checkCurrency(currency, 'credits.currency')
  if (roundToMinor(multiply<'money'>(amount, unitPrice) as ExactMoney, currency).minor > MOST_MINOR) {
    throw invalidInput('credits.unitPrice', 'this comes to more than an invoice can say')
  }
  return {
    kind: 'CREDITS',
    amount,
    unitPrice,
    currency,
    creditTypePk: (await findCreditType(deps.catalog, project, input.creditType, 'credits.creditType')).pk,
    appliesTo: await findMeters(deps, project, input.appliesTo ?? [], 'credits.appliesTo'),
    priority: input.priority ?? DEFAULT_PRIORITY,
    walletId: input.walletId ?? null,
  }
}

function checkCurrency(currency: string, field: string): void {
  if (currencyDecimals(currency) === null) throw invalidInput(field, `${currency} is not a currency such as "USD"`)
}

function refuseOtherCurrency(customer: Customer, { kind, currency }: Terms): void {
  if (customer.currency === null || customer.currency === currency) return
  throw invalidInput(`${kind.toLowerCase()}.currency`, `this customer is billed in ${customer.currency}`)
}
