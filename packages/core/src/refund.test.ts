import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { add, afterwards, end, NOW, type Step, spend, statement } from './account.samples.ts'
import { type Account, availableOf, type Cause, type Change, openAccount } from './account.ts'
import { amountOf, type Credits, formatAmount } from './decimal.ts'
import type { Grant } from './drawdown.ts'
import { CREDITS, grantOf } from './grant.samples.ts'
import { claimOf, creditsToReverse, freeze, reinstate, revoke, settleDebts, unfreeze } from './refund.ts'
import { returnCredits } from './return-credits.ts'

const cause: Cause = { type: 'payment', id: 'refunded' }
const credits = (text: string) => amountOf<'credits'>(text)
const usd = (minor: number | bigint) => ({ minor: BigInt(minor), currency: 'USD' })

/** The grant as the account has it, or as it was bought: a closed one stays in the account of these tests. */
const grantIn = ({ grants }: Account, id: string) => grants.find((grant) => grant.id === id) as Grant
const revoking = (id: string, amount: string): Step => {
  return (account) => revoke(account, grantIn(account, id), credits(amount), NOW, cause)
}
const reinstating = (id: string, amount: string): Step => {
  return (account) => reinstate(account, grantIn(account, id), credits(amount), NOW, cause)
}
const freezing = (id: string): Step => {
  return (account) => freeze(account, grantIn(account, id), NOW, cause)
}
const unfreezing = (id: string, at = NOW): Step => {
  return (account) => unfreeze(account, grantIn(account, id), at, cause)
}
const settling = (id: string): Step => {
  return (account) => settleDebts(account, id, NOW, () => cause)
}
const returning = (id: string, amount: string, kind: 'REVERSE' | 'RELEASE' = 'REVERSE'): Step => {
  return (account) => returnCredits(account, grantIn(account, id), { amount: credits(amount), kind, at: NOW, cause })
}

/** "50 granted: 0 left, 0 held, 10 frozen, 40 owed" */
function told({ account }: Change, id: string): string {
  const { amount, remaining, held, frozen, owed, closed } = grantIn(account, id)
  const cold = frozen === null ? '' : `, ${formatAmount(frozen)} frozen`
  const state = `${formatAmount(remaining)} left, ${formatAmount(held)} held${cold}, ${formatAmount(owed)} owed`
  return `${formatAmount(amount)} granted: ${state}${closed ? ', closed' : ''}`
}

describe('what refunds claim', () => {
  it.each<[string, string, number, number, string]>([
    // what | credits bought | refunded | paid | claimed
    ['nothing yet', '1000', 0, 10_000, '0'],
    ['a half', '1000', 5_000, 10_000, '500'],
    ['a third, cut to nine decimals', '100', 333, 999, '33.333333333'],
    ['two thirds: not twice the third', '100', 666, 999, '66.666666666'],
    ['all of it, with no rest', '100', 999, 999, '100'],
    ['a part smaller than the smallest credit', '0.000000001', 1, 2, '0'],
  ])('%s', (_, bought, refunded, paid, claimed) => {
    expect(formatAmount(claimOf(credits(bought), usd(refunded), usd(paid)))).toBe(claimed)
  })

  it.each([
    [-1, 100],
    [101, 100],
    [0, 0],
  ])('is nothing of %i out of %i', (refunded, paid) => {
    expect(() => claimOf(credits('1'), usd(refunded), usd(paid))).toThrow('is no part of a payment')
  })
})

describe('what is still to be reversed', () => {
  it.each<[string, number, number, string, string, string]>([
    // story | refunded before | refunded | reversed | gone | due
    ['the first half', 0, 50, '0', '0', '50'],
    ['the other half', 50, 100, '50', '0', '50'],
    ['what an operator had taken back counts for the first half', 0, 50, '0', '70', '0'],
    ['and makes a debt only of what was drawn', 50, 100, '0', '70', '30'],
    ['what expired after a refund claims nothing back', 50, 60, '50', '20', '0'],
    ['news of no other amount changes nothing', 50, 50, '50', '20', '0'],
    ['a refund that failed after all', 50, 0, '50', '0', '-50'],
    ['one of two that failed', 100, 40, '100', '0', '-60'],
    ['one that failed and had claimed nothing', 50, 0, '0', '70', '0'],
  ])('%s', (_, before, after, reversed, gone, due) => {
    const money = { worth: usd(100), refundedBefore: usd(before), refunded: usd(after) }
    const known = { bought: credits('100'), reversed: credits(reversed), gone: credits(gone) }
    expect(formatAmount(creditsToReverse({ ...known, ...money }))).toBe(due)
  })
})

describe('a refund', () => {
  it('R01 takes back what is unspent, and the rest is a debt that the next grant pays first', () => {
    const change = afterwards(add('a', '1000'), spend('50'), revoking('a', '1000'), add('b', '1000'), settling('b'))
    expect(statement(change)).toEqual([
      '1 GRANT a 1000 = 1000',
      '2 DRAW a -50 = 950',
      '2 VOID a -950 = 0',
      '3 GRANT b 1000 = 1000',
      '3 DRAW b -50 = 950',
    ])
    expect(told(change, 'a')).toBe('50 granted: 0 left, 0 held, 0 owed, closed')
    expect(told(change, 'b')).toBe('1000 granted: 950 left, 0 held, 0 owed')
  })

  it('R10 of 100 paid with 50 promotional, of which 60 were spent, takes 90 and leaves the promotion alone', () => {
    const promo = add('promo', '50', { kind: 'PROMOTIONAL', priority: 1 })
    const change = afterwards(add('paid', '100'), promo, spend('60'), revoking('paid', '100'))
    expect(told(change, 'paid')).toBe('10 granted: 0 left, 0 held, 10 owed')
    expect(told(change, 'promo')).toBe('50 granted: 0 left, 0 held, 0 owed, closed')
  })

  it.each<[string, Step[], string]>([
    ['of what is all there', [revoking('a', '4')], '6 granted: 6 left, 0 held, 0 owed'],
    ['of all that is there closes it', [revoking('a', '10')], '0 granted: 0 left, 0 held, 0 owed, closed'],
    ['of what is all spent', [spend('10'), revoking('a', '4')], '10 granted: 0 left, 0 held, 4 owed'],
    ['in parts', [spend('7'), revoking('a', '2'), revoking('a', '3')], '7 granted: 0 left, 0 held, 2 owed'],
    ['that failed gives back', [revoking('a', '4'), reinstating('a', '4')], '10 granted: 10 left, 0 held, 0 owed'],
    [
      'that failed forgives first',
      [spend('7'), revoking('a', '5'), reinstating('a', '3')],
      '8 granted: 1 left, 0 held, 0 owed',
    ],
    [
      'that failed brings nothing to a grant that has ended',
      [spend('7'), revoking('a', '2'), end('a'), reinstating('a', '2')],
      '8 granted: 0 left, 0 held, 0 owed, closed',
    ],
    [
      'and usage undone later settles the debt before it can be spent',
      [spend('8'), revoking('a', '5'), returning('a', '4')],
      '5 granted: 1 left, 0 held, 0 owed',
    ],
  ])('%s', (_, steps, state) => {
    expect(told(afterwards(add('a', '10'), ...steps), 'a')).toBe(state)
  })

  it('leaves held credits with their hold, and takes what comes back of them', () => {
    const held = grantOf('a', '10', { remaining: credits('6'), held: credits('4') })
    const holding = openAccount(1, [held])
    const refunded = revoke(holding, held, credits('10'), NOW, cause)
    expect(told(refunded, 'a')).toBe('4 granted: 0 left, 4 held, 4 owed')
    const released = returning('a', '4', 'RELEASE')(refunded.account)
    expect(told(released, 'a')).toBe('0 granted: 0 left, 0 held, 0 owed, closed')
    expect(availableOf(released.account, CREDITS)).toBe(0n)
  })

  it('opens a grant again that was spent and is gone from the account', () => {
    const spent = grantOf('a', '5', { remaining: credits('0'), closed: true })
    expect(told(revoke(openAccount(1, []), spent, credits('5'), NOW, cause), 'a')).toBe(
      '5 granted: 0 left, 0 held, 5 owed',
    )
  })

  it.each<[string, Step[], string]>([
    ['nothing', [revoking('a', '0')], 'a positive amount'],
    ['less than nothing', [reinstating('a', '-1')], 'a positive amount'],
    ['more than there was', [spend('10'), revoking('a', '11')], "can't owe more than was spent"],
  ])('is never of %s', (_, steps, message) => {
    expect(() => afterwards(add('a', '10'), ...steps)).toThrow(message)
  })
})

describe('a dispute', () => {
  it('won gives back what it froze', () => {
    const change = afterwards(add('a', '10'), spend('3'), freezing('a'), unfreezing('a'))
    expect(statement(change).slice(2)).toEqual(['2 HOLD a -7 = 0', '2 RELEASE a 7 = 7'])
    expect(told(change, 'a')).toBe('10 granted: 7 left, 0 held, 0 owed')
  })

  it('lost takes what it froze', () => {
    const change = afterwards(add('a', '10'), spend('3'), freezing('a'), revoking('a', '10'), unfreezing('a'))
    expect(statement(change).slice(2)).toEqual(['2 HOLD a -7 = 0', '2 RELEASE a 7 = 7', '2 VOID a -7 = 0'])
    expect(told(change, 'a')).toBe('3 granted: 0 left, 0 held, 3 owed')
  })

  it.each<[string, Step[], string]>([
    ['of a spent grant freezes nothing, and keeps it open', [spend('10'), freezing('a')], '0 left, 0 held, 0 frozen'],
    [
      'freezes what comes back meanwhile',
      [spend('10'), freezing('a'), returning('a', '4')],
      '0 left, 0 held, 4 frozen',
    ],
    ['lets a refund take of what is frozen', [freezing('a'), revoking('a', '4')], '0 left, 0 held, 6 frozen'],
    [
      'won closes a grant that is spent',
      [spend('10'), freezing('a'), unfreezing('a')],
      '0 left, 0 held, 0 owed, closed',
    ],
  ])('%s', (_, steps, state) => {
    expect(told(afterwards(add('a', '10'), ...steps), 'a')).toContain(state)
  })

  it('won after the grant has ended gives nothing to spend', () => {
    const change = afterwards(add('a', '10', { expiresAt: 2_000 }), freezing('a'), unfreezing('a', 2_000))
    expect(statement(change).slice(1)).toEqual(['1 HOLD a -10 = 0', '1 RELEASE a 10 = 10', '1 EXPIRE a -10 = 0'])
    expect(told(change, 'a')).toBe('10 granted: 0 left, 0 held, 0 owed, closed')
  })

  it('is opened and closed once', () => {
    expect(() => afterwards(add('a', '1'), freezing('a'), freezing('a'))).toThrow('frozen already')
    expect(() => afterwards(add('a', '1'), unfreezing('a'))).toThrow('is not frozen')
  })
})

describe('debts', () => {
  const owing = (id: string, owed: string, differs: Partial<Grant> = {}) =>
    grantOf(id, owed, { remaining: credits('0'), owed: credits(owed), ...differs })

  it('are paid oldest first, of their credit type only, as far as the new grant goes', () => {
    const other = owing('other', '9', { creditType: CREDITS + 1 })
    const account = openAccount(1, [
      owing('b', '4', { effectiveAt: 20 }),
      owing('a', '3', { effectiveAt: 10 }),
      other,
      grantOf('new', '5'),
    ])
    const change = settleDebts(account, 'new', NOW, ({ id }) => ({ type: 'payment', id }))
    expect(change.settled.map(({ grantId, amount }) => `${grantId} ${formatAmount(amount)}`)).toEqual(['a 3', 'b 2'])
    expect(change.entries.map((entry) => entry.cause.id)).toEqual(['a', 'b'])
    expect(told(change, 'a')).toBe('3 granted: 0 left, 0 held, 0 owed, closed')
    expect(told(change, 'b')).toBe('4 granted: 0 left, 0 held, 2 owed')
    expect(told(change, 'new')).toBe('5 granted: 0 left, 0 held, 0 owed, closed')
    expect(grantIn(change.account, 'other')).toBe(other)
  })

  it('need a grant that is there', () => {
    expect(() => settleDebts(openAccount(1, []), 'new', NOW, () => cause)).toThrow('is not open')
  })
})

describe('laws', () => {
  const parts = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 6 })

  it('however a payment is refunded, all of its credits are claimed, and no more than was bought', () => {
    fc.assert(
      fc.property(
        parts,
        fc.integer({ min: 0, max: 10 ** 12 }),
        fc.integer({ min: 0, max: 100 }),
        (refunds, nanos, share) => {
          const bought = (BigInt(nanos) * 10n ** 11n) as Credits
          const spent = ((bought * BigInt(share)) / 100n) as Credits
          const grant = grantOf('a', '0', { amount: bought, remaining: (bought - spent) as Credits })
          let account = openAccount(1, [grant])
          const worth = usd(refunds.reduce((sum, part) => sum + part, 0))
          let [refunded, reversed, revoked, owed] = [0n, 0n as Credits, 0n, 0n]
          for (const part of refunds) {
            const money = { worth, refundedBefore: usd(refunded), refunded: usd(refunded + BigInt(part)) }
            const due = creditsToReverse({ bought, reversed, gone: 0n as Credits, ...money })
            refunded += BigInt(part)
            if (due === 0n) continue
            const change = revoke(account, grantIn(account, 'a'), due, NOW, cause)
            account = change.account
            reversed = (reversed + due) as Credits
            revoked += change.revoked
            owed += change.owed
            expect(availableOf(account, CREDITS)).toBeGreaterThanOrEqual(0n)
          }
          expect(reversed).toBe(bought)
          expect([revoked, owed]).toEqual([bought - spent, spent])
        },
      ),
    )
  })

  it('what is revoked and reinstated leaves the credits as they were', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 0, max: 1000 }),
        fc.boolean(),
        (part, spent, cold) => {
          const left = Math.max(0, 1000 - spent)
          const before = grantOf('a', '1000', { remaining: credits(String(left)), closed: left === 0 })
          const account = openAccount(1, [before])
          const frozen = cold ? freeze(account, before, NOW, cause).account : account
          const revoked = revoke(frozen, grantIn(frozen, 'a'), credits(String(part)), NOW, cause)
          const back = reinstate(revoked.account, grantIn(revoked.account, 'a'), credits(String(part)), NOW, cause)
          expect(grantIn(back.account, 'a')).toEqual(grantIn(frozen, 'a'))
          expect(back.account.available).toEqual(frozen.available)
        },
      ),
    )
  })
})
