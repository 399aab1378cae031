/** What must hold after whatever happens to an account. A failure prints its seed and the smallest sequence. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Account,
  addGrant,
  availableOf,
  type Cause,
  endGrant,
  growGrant,
  type LedgerEntry,
  nextVersion,
  openAccount,
  shrinkGrant,
  spendable,
} from './account.ts'
import { catchUp } from './catch-up.ts'
import { type Credits, negate, type Quantity, smaller, sum, ZERO } from './decimal.ts'
import { type Grant, spendableOn } from './drawdown.ts'
import { anyAmount, anyGrants, CREDITS, METER } from './grant.samples.ts'
import { returnCredits } from './return-credits.ts'
import { NO_USAGE, type OverageMode, spend } from './usage.ts'

const TYPES = [CREDITS, CREDITS + 1]
const cause: Cause = { type: 'time', id: 'law' }

/** An account that lives: what it was opened with, what it is now, every entry between the two, and the draws undone. */
interface Life {
  readonly opened: Account
  readonly account: Account
  readonly entries: readonly LedgerEntry[]
  readonly undone: readonly LedgerEntry[]
  readonly now: number
}

/** One thing that happens. `nth` picks one of the open grants, or of the draws, whatever their number. */
type Happening =
  | { readonly op: 'add'; readonly grant: Omit<Grant, 'id'>; readonly startsIn: number }
  | { readonly op: 'grow'; readonly nth: number; readonly amount: Credits }
  | { readonly op: 'shrink'; readonly nth: number; readonly amount: Credits }
  | { readonly op: 'end'; readonly nth: number; readonly kind: 'VOID' | 'EXPIRE' }
  | { readonly op: 'reverse'; readonly nth: number }
  | { readonly op: 'wait'; readonly ms: number }
  | { readonly op: 'spend'; readonly creditType: number; readonly quantity: Quantity; readonly overage: OverageMode }

const newGrant = anyGrants.filter((grants) => grants.length > 0).map(([grant]) => ({ ...(grant as Grant), held: ZERO }))
const nth = fc.nat(20)
const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ op: fc.constant('add' as const), grant: newGrant, startsIn: fc.integer({ min: -5, max: 20 }) }),
  fc.record({ op: fc.constant('grow' as const), nth, amount: anyAmount<'credits'>() }),
  fc.record({ op: fc.constant('shrink' as const), nth, amount: anyAmount<'credits'>() }),
  fc.record({ op: fc.constant('end' as const), nth, kind: fc.constantFrom('VOID', 'EXPIRE') }),
  fc.record({ op: fc.constant('reverse' as const), nth }),
  fc.record({ op: fc.constant('wait' as const), ms: fc.nat(15) }),
  fc.record({
    op: fc.constant('spend' as const),
    creditType: fc.constantFrom(...TYPES),
    quantity: anyAmount<'quantity'>(),
    overage: fc.constantFrom('BLOCK', 'CHARGE'),
  }),
)

const openGrants = (account: Account): Grant[] => account.grants.filter(({ closed }) => !closed)
const drawsOf = ({ entries, undone }: Life): LedgerEntry[] =>
  entries.filter((entry) => entry.kind === 'DRAW' && !undone.includes(entry))

function happen(life: Life, next: Happening): Life {
  if (next.op === 'wait') return caughtUp({ ...life, now: life.now + next.ms })
  if (next.op === 'reverse') return reversed(life, next.nth)
  const { account, entries } = change(life, next)
  return { ...life, account, entries: [...life.entries, ...entries] }
}

function reversed(life: Life, nth: number): Life {
  const draws = drawsOf(life)
  const draw = draws[nth % draws.length]
  if (!draw) return life
  const grant = life.account.grants.find(({ id }) => id === draw.grantId) as Grant
  const returned = { amount: negate(draw.amount), kind: 'REVERSE' as const, at: life.now, cause }
  const { account, entries } = returnCredits(nextVersion(life.account), grant, returned)
  return { ...life, account, entries: [...life.entries, ...entries], undone: [...life.undone, draw] }
}

function caughtUp(life: Life): Life {
  const { account, entries } = catchUp(life.account, life.now)
  return { ...life, account, entries: [...life.entries, ...entries] }
}

function change({ account, now }: Life, next: Exclude<Happening, { op: 'wait' | 'reverse' }>) {
  if (next.op === 'add') return addGrant(account, placed(account, next, now), now, cause)
  if (next.op === 'spend') return spent(account, next, now)
  const grants = openGrants(account)
  const picked = grants[next.nth % grants.length]
  if (!picked) return { account, entries: [] }
  if (next.op === 'grow') return growGrant(account, picked.id, next.amount, now, cause)
  if (next.op === 'shrink') {
    return shrinkGrant(account, picked.id, smaller(next.amount, picked.remaining), now, cause)
  }
  return endGrant(account, picked.id, next.kind, now, cause)
}

/** The new grant, under an id of its own, beginning around now and ending later than now. */
function placed({ grants }: Account, { grant, startsIn }: Extract<Happening, { op: 'add' }>, now: number): Grant {
  const effectiveAt = now + startsIn
  const lasts = grant.expiresAt === null ? null : grant.expiresAt - grant.effectiveAt
  const expiresAt = lasts === null ? null : Math.max(effectiveAt, now) + lasts
  return { ...grant, id: `new${grants.length}`, effectiveAt, expiresAt }
}

function spent(account: Account, next: Extract<Happening, { op: 'spend' }>, now: number) {
  const rate = { code: 'r', meter: METER, creditType: next.creditType, creditCost: null, overage: next.overage }
  const request = { rate, usage: NO_USAGE, quantity: next.quantity, properties: {}, at: now }
  const result = spend(nextVersion(account), request, cause)
  return result.ok ? result : expect.fail('one credit a unit needs no properties')
}

const life = anyGrants.map((grants): Life => {
  const entered = grants.map((grant) => ({ ...grant, entered: grant.effectiveAt <= 20 }))
  const opened = openAccount(5, entered)
  return caughtUp({ opened, account: opened, entries: [], undone: [], now: 20 })
})
const story = fc.tuple(life, fc.array(happening, { maxLength: 30 }))

/** Checks something after each thing that happens. */
function always(check: (after: Life, before: Life, next: Happening) => void): void {
  fc.assert(
    fc.property(story, ([born, happenings]) => {
      happenings.reduce((before, next) => {
        const after = happen(before, next)
        check(after, before, next)
        return after
      }, born)
    }),
  )
}

const amounts = (entries: readonly LedgerEntry[]): Credits => sum(entries.map(({ amount }) => amount))

describe('whatever happens to an account', () => {
  it('I1 what is available is what it opened with and the sum of its entries, by credit type', () => {
    always(({ opened, account, entries }) => {
      for (const type of TYPES) {
        const moved = amounts(entries.filter(({ creditType }) => creditType === type))
        expect(availableOf(account, type)).toBe(availableOf(opened, type) + moved)
      }
    })
  })

  it('I2 what is available is what remains of the grants in the ledger, by credit type', () => {
    always(({ account }) => {
      for (const type of TYPES) {
        const grants = openGrants(account).filter(({ creditType, entered }) => entered && creditType === type)
        expect(availableOf(account, type)).toBe(sum(grants.map(({ remaining }) => remaining)))
      }
    })
  })

  it('what can be spent on a meter is the same from the sums as from the grants one by one', () => {
    always(({ account, now }) => {
      for (const type of TYPES)
        for (const meter of [METER, METER + 1])
          expect(spendable(account, type, meter, now)).toBe(spendableOn(account.grants, type, meter, now))
    })
  })

  it('I3 what remains of a grant is what it opened with and the sum of its entries', () => {
    always(({ opened, account, entries }) => {
      for (const grant of account.grants) {
        const before = opened.grants.find(({ id, entered }) => entered && id === grant.id)?.remaining ?? 0n
        const moved = amounts(entries.filter(({ grantId }) => grantId === grant.id))
        expect(before + moved).toBe(grant.entered ? grant.remaining : 0n)
      }
    })
  })

  it('I4 nothing is negative', () => {
    always(({ account }) => {
      const amounts = account.grants.flatMap(({ remaining, held, amount }) => [remaining, held, amount])
      expect([...amounts, ...account.available.values()].filter((amount) => amount < 0n)).toEqual([])
    })
  })

  it('the balance after each entry follows from the one before it', () => {
    always(({ opened, entries }) => {
      const balance = new Map<number, bigint>(opened.available)
      for (const { creditType, amount, availableAfter } of entries) {
        expect(availableAfter).toBe((balance.get(creditType) ?? 0n) + amount)
        balance.set(creditType, availableAfter)
      }
    })
  })

  it('the version grows by one for each thing that happens, and stands in the entries', () => {
    always((after, before, next) => {
      const happened = {
        add: true,
        spend: true,
        grow: openGrants(before.account).length > 0,
        shrink: openGrants(before.account).length > 0,
        end: openGrants(before.account).length > 0,
        reverse: drawsOf(before).length > 0,
        wait: before.account.nextDueAt <= after.now,
      }
      expect(after.account.version - before.account.version).toBe(happened[next.op] ? 1 : 0)
      for (const { version } of after.entries.slice(before.entries.length)) expect(version).toBe(after.account.version)
    })
  })

  it('I9 draws come from grants that have begun, have not ended and serve the meter, in drawdown order', () => {
    always((after, before) => {
      const drawn = after.entries.slice(before.entries.length).filter(({ kind }) => kind === 'DRAW')
      const grants = drawn.map(({ grantId }) => before.account.grants.find(({ id }) => id === grantId) as Grant)
      for (const { entered, effectiveAt, expiresAt, appliesTo } of grants) {
        expect(entered && effectiveAt <= after.now && after.now < (expiresAt ?? Number.POSITIVE_INFINITY)).toBe(true)
        expect([[], [METER], [METER, METER + 1]]).toContainEqual(appliesTo)
      }
      const places = grants.map((grant) => before.account.grants.indexOf(grant))
      expect(places).toEqual([...places].sort((a, b) => a - b))
    })
  })

  it('what goes back is spendable where its grant is, and leaves at once where that has ended', () => {
    always((after, before, next) => {
      if (next.op !== 'reverse') return
      const written = after.entries.slice(before.entries.length)
      for (const { grantId } of written) {
        const grantOf = ({ account }: Life) => account.grants.find(({ id }) => id === grantId) as Grant
        const [was, is] = [grantOf(before), grantOf(after)]
        const ended = is.expiresAt !== null && is.expiresAt <= after.now ? 'EXPIRE' : was.ended
        expect(written.map(({ kind }) => kind)).toEqual(ended ? ['REVERSE', ended] : ['REVERSE'])
        expect(is.remaining).toBe(was.remaining + amounts(written))
        expect(is.remaining + is.held).toBeLessThanOrEqual(is.amount)
      }
    })
  })

  it('a draw that is undone at once leaves the account as it was, but for its version', () => {
    fc.assert(
      fc.property(story, anyAmount<'quantity'>(), ([born, happenings], quantity) => {
        const before = happenings.reduce(happen, born)
        const drawn = happen(before, { op: 'spend', creditType: CREDITS, quantity, overage: 'BLOCK' })
        const draws = drawn.entries.slice(before.entries.length).filter(({ kind }) => kind === 'DRAW')
        const undo = (life: Life, draw: LedgerEntry) => reversed(life, drawsOf(life).indexOf(draw))
        const { account } = draws.reduce(undo, drawn)
        expect(account.grants).toEqual(before.account.grants)
        for (const type of TYPES) expect(availableOf(account, type)).toBe(availableOf(before.account, type))
        expect(account.nextDueAt).toBe(before.account.nextDueAt)
      }),
    )
  })

  it('nothing stays due: to catch up twice is to catch up once', () => {
    always(({ account, now }) => {
      const once = catchUp(account, now).account
      expect(once.nextDueAt).toBeGreaterThan(now)
      expect(catchUp(once, now).account).toBe(once)
    })
  })

  it('to catch up in many steps is to catch up in one, but for the number of versions', () => {
    fc.assert(
      fc.property(story, fc.array(fc.nat(15)), ([born, happenings], waits) => {
        const before = caughtUp(happenings.reduce(happen, born))
        const many = waits.map((ms): Happening => ({ op: 'wait', ms })).reduce(happen, before)
        const one = happen(before, { op: 'wait', ms: many.now - before.now })
        const told = ({ entries }: Life) => entries.map(({ version: _, ...entry }) => entry)
        expect(told(many)).toEqual(told(one))
        expect(many.account.grants).toEqual(one.account.grants)
      }),
    )
  })

  it('an account that is read back from its open grants is the same account', () => {
    always(({ account }) => {
      const read = openAccount(account.version, openGrants(account))
      expect(read.grants).toEqual(openGrants(account))
      expect(read.nextDueAt).toBe(account.nextDueAt)
      for (const type of TYPES) expect(availableOf(read, type)).toBe(availableOf(account, type))
    })
  })

  it('nothing is edited in place', () => {
    fc.assert(
      fc.property(story, happening, ([born, happenings], next) => {
        const before = happenings.reduce(happen, born)
        const copy = structuredClone(before)
        happen(before, next)
        expect(before).toEqual(copy)
      }),
    )
  })
})

it('the stories of these laws do draw, give back, grow, end, expire and run short', () => {
  const seen = new Set<string>()
  for (const [born, happenings] of fc.sample(story, { numRuns: 200, seed: 1 })) {
    for (const { kind } of happenings.reduce(happen, born).entries) seen.add(kind)
  }
  expect([...seen].sort()).toEqual(['DRAW', 'EXPIRE', 'GRANT', 'OVERAGE', 'REVERSE', 'ROLLOVER', 'UNCOVERED', 'VOID'])
})
