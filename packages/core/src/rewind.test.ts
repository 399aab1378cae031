import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { add, afterwards, end, grow, NOW, type Step, shrink, spend, wait } from './account.samples.ts'
import type { LedgerEntry } from './account.ts'
import { amountOf, formatAmount, sum } from './decimal.ts'
import { compareGrants, type Grant } from './drawdown.ts'
import { anyGrants, grantOf } from './grant.samples.ts'
import { explainPlace, type Later, rewind } from './rewind.ts'

const SIZES: ReadonlySet<string> = new Set(['GRANT', 'VOID'])

function later(entries: readonly LedgerEntry[], grantId: string): Later {
  const total = (kinds: (kind: string) => boolean) =>
    sum(entries.filter((entry) => entry.grantId === grantId && kinds(entry.kind)).map(({ amount }) => amount))
  return {
    remaining: total(() => true),
    amount: total((kind) => SIZES.has(kind)),
    kept: total((kind) => kind === 'HOLD' || kind === 'RELEASE'),
  }
}

const shown = ({ amount, remaining, held, entered }: Grant) =>
  `${formatAmount(remaining)} of ${formatAmount(amount)}, ${formatAmount(held)} held${entered ? '' : ', not there yet'}`

describe('a grant as it was', () => {
  const credits = (text: string) => amountOf<'credits'>(text)

  it.each<[string, Partial<Grant>, Partial<Record<keyof Later, string>>, string]>([
    // since then | the grant now, of 10 | what later entries sum to | as it was
    ['nothing', {}, {}, '10 of 10, 0 held'],
    ['a draw', { remaining: credits('7') }, { remaining: '-3' }, '10 of 10, 0 held'],
    ['it was spent', { remaining: credits('0'), closed: true }, { remaining: '-10' }, '10 of 10, 0 held'],
    ['a hold', { remaining: credits('6'), held: credits('4') }, { remaining: '-4', kept: '-4' }, '10 of 10, 0 held'],
    ['a hold was released', {}, { remaining: '4', kept: '4' }, '6 of 10, 4 held'],
    [
      'a dispute',
      { remaining: credits('0'), frozen: credits('8') },
      { remaining: '-8', kept: '-8' },
      '8 of 10, 0 held',
    ],
    ['an upgrade', {}, { remaining: '4', amount: '4' }, '6 of 6, 0 held'],
    ['it was granted', {}, { remaining: '10', amount: '10' }, '0 of 0, 0 held, not there yet'],
  ])('before: %s', (_, now, moves, was) => {
    const { remaining = '0', amount = '0', kept = '0' } = moves
    const since = { remaining: credits(remaining), amount: credits(amount), kept: credits(kept) }
    expect(shown(rewind(grantOf('a', '10', now), since))).toBe(was)
  })

  it('is what it was, whatever came after', () => {
    const step: fc.Arbitrary<Step> = fc.oneof(
      fc.integer({ min: 1, max: 9 }).map((credits) => spend(String(credits))),
      fc.integer({ min: 1, max: 9 }).map((credits) => grow('a', String(credits))),
      fc.constant(shrink('a', '0')),
      fc.constant(wait(NOW)),
    )
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 6 }),
        fc.array(step, { maxLength: 6 }),
        fc.boolean(),
        (first, more, ends) => {
          const begun = [add('a', '30', { kind: 'ALLOWANCE' }), ...first]
          const before = afterwards(...begun)
          const after = afterwards(...begun, ...more, ...(ends ? [end('a', 'EXPIRE')] : []))
          const [was, is] = [before, after].map(({ account }) => account.grants[0] as Grant) as [Grant, Grant]
          const since = after.entries.slice(before.entries.length)
          expect(shown(rewind(is, later(since, 'a')))).toBe(shown(was))
        },
      ),
    )
  })
})

describe('why a grant stands where it does', () => {
  it.each<[string, Partial<Grant>, Partial<Grant>, string, string]>([
    [
      'wallets',
      { walletPriority: 10 },
      {},
      'First, because its wallet has priority 10, and that of the next 100',
      'Last, because its wallet has priority 100, and that of the one before 10',
    ],
    [
      'priorities',
      { priority: 1 },
      {},
      'First, because it has priority 1, and the next 100',
      'Last, because it has priority 100, and the one before 1',
    ],
    [
      'expiries',
      { expiresAt: 5 },
      { expiresAt: 6 },
      'First, because it expires earlier',
      'Last, because it expires later',
    ],
    [
      'one without an expiry',
      { expiresAt: 5 },
      {},
      'First, because it expires, and the next never does',
      'Last, because it never expires',
    ],
    [
      'beginnings',
      { effectiveAt: 1 },
      { effectiveAt: 2 },
      'First, because it took effect earlier',
      'Last, because it took effect later',
    ],
    ['ids', {}, {}, 'First, because it was made earlier', 'Last, because it was made later'],
  ])('%s', (_, first, second, why, whyNot) => {
    const grants = [grantOf('a', '1', first), grantOf('b', '1', second)]
    expect([explainPlace(grants, 0), explainPlace(grants, 1)]).toEqual([why, whyNot])
  })

  it('is said of one alone, and of one in the middle', () => {
    expect(explainPlace([grantOf('a', '1')], 0)).toBe('The only one')
    const three = [1, 2, 3].map((priority) => grantOf('a', '1', { priority }))
    expect(explainPlace(three, 1)).toBe('Before the next, because it has priority 2, and the next 3')
  })

  it('is said of any grants in drawdown order, and of no others', () => {
    fc.assert(
      fc.property(anyGrants, (grants) => {
        const ordered = [...grants].sort(compareGrants)
        for (const index of ordered.keys())
          expect(explainPlace(ordered, index)).toMatch(/^(First|Before the next|Last|The only one)/)
      }),
    )
    const [low, high] = [grantOf('a', '1', { priority: 1 }), grantOf('b', '1', { priority: 2 })]
    expect(() => explainPlace([high, low], 0)).toThrow('not in drawdown order')
    expect(() => explainPlace([low], 1)).toThrow('no grant in place 1')
  })
})
