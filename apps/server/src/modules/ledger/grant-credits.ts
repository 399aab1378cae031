import { type Cause, formatAmount, type Grant } from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import { checkKey, runCommand } from '../../platform/command.ts'
import { checkMetadata, invalidInput } from '../../platform/errors.ts'
import { findCustomer } from '../accounts/read-customer.ts'
import type { Project } from '../accounts/viewer.ts'
import { checkDecimal } from '../catalog/check-rate-card.ts'
import { DEFAULT_PRIORITY } from './add-grant.ts'
import { findCreditType, type LedgerDeps } from './create-wallet.ts'
import { findMeters } from './find-meters.ts'
import { findWallet } from './find-wallet.ts'
import { type GrantState, storeGrant } from './grant-state.ts'
import { withAccount } from './with-account.ts'

export interface GrantCreditsInput {
  customerId: string
  creditType: string
  amount: unknown
  kind: Grant['kind']
  walletId?: string | null | undefined
  priority?: number | null | undefined
  /** Epoch milliseconds; NaN: what was sent is no instant. */
  effectiveAt?: number | null | undefined
  expiresAt?: number | null | undefined
  appliesTo?: readonly string[] | null | undefined
  metadata?: unknown
  idempotencyKey: string
}

const BY_HAND: ReadonlySet<Grant['kind']> = new Set(['PROMOTIONAL', 'PREPAID', 'COMMITTED'])

/** Gives a customer credits. A retry with the same key answers the grant as it was given. Throws NOT_FOUND, INVALID_INPUT. */
export async function grantCredits(deps: LedgerDeps, project: Project, input: GrantCreditsInput): Promise<GrantState> {
  const amount = checkDecimal<'credits'>(input.amount, 'amount', 'positive')
  if (!BY_HAND.has(input.kind))
    throw invalidInput('kind', `${input.kind} comes from a subscription: grant PROMOTIONAL, PREPAID or COMMITTED`)
  checkMetadata(input.metadata)
  checkInstants(input)
  const customer = await findCustomer(deps.database, project, input.customerId)
  const creditType = await findCreditType(deps.catalog, project, input.creditType)
  const appliesTo = await findMeters(deps, project, input.appliesTo ?? [])
  const { idempotencyKey, ...rest } = input
  const key = checkKey(idempotencyKey)
  const answer = await runCommand(
    deps.database,
    {
      projectId: project.id,
      operation: 'grantCredits',
      scope: input.customerId,
      key,
      input: { ...rest, amount: formatAmount(amount) },
    },
    async (tx) => {
      // Here, so that a key whose grant has expired since still answers the grant.
      const now = nowOf(project)
      const span = spanOf(input, now)
      const wallet = input.walletId ? await findWallet(tx, customer, creditType.pk, input.walletId) : undefined
      const { result, version } = await withAccount(tx, customer.pk, now, async (session) => {
        const id = await session.add(
          {
            customerPk: customer.pk,
            creditType: creditType.pk,
            kind: input.kind,
            amount,
            priority: input.priority ?? DEFAULT_PRIORITY,
            ...span,
            appliesTo,
            metadata: input.metadata,
            ...(wallet ? { wallet } : {}),
          },
          (grantId): Cause => ({ type: 'grant', id: grantId, detail: { reason: input.kind.toLowerCase() } }),
        )
        return session.account.grants.find((grant) => grant.id === id) as Grant
      })
      return { grant: storeGrant(result), version }
    },
  )
  deps.pubsub.publish([{ key: customer.pk, version: answer.version }])
  return answer.grant
}

function checkInstants({ effectiveAt, expiresAt }: GrantCreditsInput): void {
  if (Number.isNaN(effectiveAt))
    throw invalidInput('effectiveAt', 'effectiveAt is not an instant such as "2027-01-31T00:00:00Z"')
  if (Number.isNaN(expiresAt))
    throw invalidInput('expiresAt', 'expiresAt is not an instant such as "2027-01-31T00:00:00Z"')
}

function spanOf(input: GrantCreditsInput, now: number): { effectiveAt: number; expiresAt: number | null } {
  const effectiveAt = input.effectiveAt ?? now
  const expiresAt = input.expiresAt ?? null
  if (expiresAt !== null && expiresAt <= Math.max(effectiveAt, now)) {
    throw invalidInput('expiresAt', 'a grant must expire after it takes effect, and in the future')
  }
  return { effectiveAt, expiresAt }
}
