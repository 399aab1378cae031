/** Grants for tests: one to vary by hand, and random ones. Not part of the package's exports. */
import fc from 'fast-check'
import { type Amount, amountOf, type Credits, formatAmount } from './decimal.ts'
import type { Grant } from './drawdown.ts'

/** The credit type and the meter of every sample, unless it says otherwise. */
export const CREDITS = 1
export const METER = 7

/** A prepaid grant that is live at any instant, has no end and serves every meter; `credits` are what it brings. */
export function grantOf(id: string, credits: string, differs: Partial<Grant> = {}): Grant {
  return {
    id,
    creditType: CREDITS,
    kind: 'PREPAID',
    walletPriority: 100,
    priority: 100,
    effectiveAt: 0,
    expiresAt: null,
    amount: amountOf(credits),
    remaining: amountOf(credits),
    held: amountOf('0'),
    frozen: null,
    owed: amountOf('0'),
    appliesTo: [],
    entered: true,
    ended: null,
    closed: false,
    ...differs,
  }
}

/** Any amount that a caller can send, from dust to a million. */
export const anyAmount = <Unit extends string>(): fc.Arbitrary<Amount<Unit>> =>
  fc
    .oneof(fc.bigInt({ min: 0n, max: 100n * 10n ** 9n }), fc.bigInt({ min: 0n, max: 10n ** 15n }))
    .map((nanos) => amountOf<Unit>(formatAmount(nanos * 10n ** 11n)))

/** Instants are small, so that spans begin, end and meet often. */
export const anyInstant = fc.integer({ min: 0, max: 40 })

/** Random grants with unlike ids; spans, priorities, credit types and meters collide often. */
export const anyGrants: fc.Arbitrary<Grant[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom('ALLOWANCE', 'ROLLOVER', 'PROMOTIONAL', 'PREPAID', 'COMMITTED'),
      creditType: fc.constantFrom(CREDITS, CREDITS + 1),
      walletPriority: fc.integer({ min: 1, max: 2 }),
      priority: fc.integer({ min: 1, max: 2 }),
      effectiveAt: anyInstant,
      lasts: fc.option(fc.integer({ min: 1, max: 40 })),
      parts: fc.tuple(anyAmount<'credits'>(), anyAmount<'credits'>(), fc.boolean()),
      appliesTo: fc.constantFrom([], [METER], [METER + 1], [METER, METER + 1]),
    }),
    { maxLength: 8 },
  )
  .chain((grants) =>
    fc
      .shuffledSubarray(
        grants.map((_, index) => `g${index}`),
        { minLength: grants.length },
      )
      .map((ids) =>
        grants.map(({ lasts, parts: [remaining, held, isHeld], ...rest }, index) =>
          grantOf(ids[index] as string, '0', {
            ...rest,
            expiresAt: lasts === null ? null : rest.effectiveAt + lasts,
            amount: (remaining + (isHeld ? held : 0n)) as Credits,
            remaining,
            held: (isHeld ? held : 0n) as Credits,
          }),
        ),
      ),
  )
