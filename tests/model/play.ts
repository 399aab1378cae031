import { breaches, differences, differencesOf, learnIds, linearize, same } from './compare.ts'
import type { StateRead } from './documents.ts'
import { type Machines, openSession, type Session, type Told } from './driver.ts'
import { logicalClock } from './logical-clock.ts'
import type { Step, Trace } from './operations.ts'
import { apply } from './oracle.ts'
import { advance, newWorld, view } from './oracle-time.ts'
import { callOf, type History, targetOf } from './resolve.ts'
import { type Answer, type Call, DISPUTED_AFTER_MS, type World } from './world.ts'

/** What went wrong, and at which step. */
export interface Failure {
  readonly at: number
  readonly step: Step
  readonly why: string
}

export type Outcome = { readonly failure: Failure } | { readonly failure: null; readonly end: string }

/** What a step needs: the two sides, and what was asked before. */
interface Play {
  /** What may be so by all that was seen; more than one where calls ran at once. */
  worlds: World[]
  readonly session: Session
  readonly history: History
  readonly supports: (operation: string) => boolean
  /** The processes take turns. */
  turn: number
}

const NEEDS: Readonly<Record<string, string>> = {
  hold: 'createHold',
  extend: 'createHold',
  capture: 'createHold',
  release: 'createHold',
  buy: 'refundPayment',
  refund: 'refundPayment',
  verdict: 'refundPayment',
}

/** Runs a trace on both sides and compares after each step. */
export async function play(
  machines: Machines,
  trace: Trace,
  supports: (operation: string) => boolean,
): Promise<Outcome> {
  const session = await openSession(machines, trace.cards, supports)
  const game: Play = { worlds: [newWorld(trace.cards)], session, history: [], supports, turn: 0 }
  for (const [at, step] of trace.steps.entries()) {
    game.turn = at % 2
    const why = await inTime(takeStep(game, step)).catch(
      (error: unknown) => `${error instanceof Error ? error.stack : error}`,
    )
    if (why) return { failure: { at, step, why } }
  }
  return { failure: null, end: endOf(game) }
}

function endOf({ worlds: [world] }: Play): string {
  return JSON.stringify(world?.customers.map((customer) => view(world, customer)))
}

/** A product that never answers is wrong, too. */
const ANSWER_WITHIN_MS = 60_000

function inTime(step: Promise<string>): Promise<string> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${ANSWER_WITHIN_MS} ms`), ANSWER_WITHIN_MS)
  })
  return Promise.race([step, late]).finally(() => clearTimeout(timer))
}

/** Does a step; answers what was wrong with it, or nothing. */
async function takeStep(game: Play, step: Step): Promise<string> {
  const { session, turn } = game
  const world = game.worlds[0] as World
  switch (step.do) {
    case 'restart':
      await session.restart()
      return look(game)
    case 'sweep':
      await session.advance(world.now, turn)
      return look(game)
    case 'clock':
    case 'rollover':
      await moveClock(game, targetOf(world, step), step.by)
      return look(game)
    case 'batch':
      return atOnce(
        game,
        step.steps.flatMap((one) => possible(game, one)),
      )
    case 'crash': {
      const [call] = possible(game, step.step)
      return call ? crash(game, call) : ''
    }
    default: {
      const [call] = possible(game, step)
      if (!call) return ''
      const told = await tell(game, call, turn)
      return check(game, call, told)
    }
  }
}

function possible({ worlds, history, supports }: Play, step: Parameters<typeof callOf>[2]): Call[] {
  const needed = NEEDS[step.do]
  if (needed && !supports(needed)) return []
  const call = callOf(worlds[0] as World, history, step)
  return call ? [call] : []
}

/** How often each operation was answered how: what never happened was never compared. */
const answered = new Map<string, number>()

export function tellCoverage(): string {
  return [...answered]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')
}

async function tell({ session }: Play, call: Call, peer: number): Promise<Told> {
  const told = await session.tell(call, peer)
  const { fault, reason, status, outcome } = told.answer
  const name = `${call.op} ${fault ?? reason ?? status ?? outcome ?? 'done'}`
  answered.set(name, (answered.get(name) ?? 0) + 1)
  if (told.id) session.ids.set(call.key, told.id)
  return told
}

function check(game: Play, call: Call, { answer, id }: Told): Promise<string> | string {
  const expected = game.worlds.map((world) => apply(world, call, id))
  if (call.op === 'buy' && call.disputed) {
    for (const world of game.worlds) advance(world, world.now + DISPUTED_AFTER_MS)
  }
  game.worlds = game.worlds.filter((_, index) => same(expected[index] as Answer, answer))
  if (game.worlds.length > 0) return look(game)
  return `${line(call)}\n  expected ${line(expected[0] as Answer)}\n  got      ${line(answer)}`
}

const line = (value: Call | Answer) => JSON.stringify(value)

async function moveClock({ worlds, session, turn }: Play, to: number, by: 'ADVANCE' | 'PASS'): Promise<void> {
  if (by === 'ADVANCE') await session.advance(to, turn)
  else logicalClock.pass(to - (worlds[0] as World).now)
  for (const world of worlds) advance(world, to)
}

/** Compares all that both customers can see. */
async function look(game: Play): Promise<string> {
  const reads = await game.session.read(1 - game.turn)
  const [first] = game.worlds as [World]
  game.worlds = game.worlds.filter((world) => agrees(world, reads))
  const wrong = game.worlds.length > 0 ? [] : differences(first, reads)
  return [...breaches(reads, first.now), ...wrong].join('\n  ')
}

function agrees(world: World, reads: readonly StateRead[]): boolean {
  learnIds(world, reads)
  return differences(world, reads).length === 0
}

/** All at once, over both processes: some order of them must explain what came of it. */
async function atOnce(game: Play, calls: readonly Call[]): Promise<string> {
  const answers = await Promise.all(calls.map((call, index) => tell(game, call, index % 2)))
  const reads = await game.session.read(game.turn)
  const broken = breaches(reads, (game.worlds[0] as World).now)
  const after = linearize(game.worlds, calls, answers, (state, who) => {
    learnIds(state, reads)
    return differencesOf(state, reads, who).length === 0
  })
  if (after.length > 0 && broken.length === 0) {
    game.worlds = after
    return ''
  }
  const lines = calls.map((call, index) => `${line(call)} -> ${line((answers[index] as Told).answer)}`)
  const what = 'no order of these explains their answers and the state after them:'
  return [what, ...lines, ...broken, JSON.stringify(reads)].join('\n  ')
}

const RETRIES = 8

/** The connections break while the call is on its way. Whatever came of it, the same key then has one effect. */
async function crash(game: Play, call: Call): Promise<string> {
  const first = tell(game, call, 1)
  await new Promise((resolve) => setTimeout(resolve, game.history.length % 4))
  await game.session.cut()
  const early = await first
  for (let tries = 0; tries < RETRIES; tries++) {
    const again = await tell(game, call, tries % 2)
    if (again.answer.fault === 'INTERNAL') continue
    const told = early.answer.fault === 'INTERNAL' ? asFirst(again) : early
    const wrong = await check(game, call, told)
    // The retry of an event that had been recorded says so; all else must be the same.
    return wrong || (told === early ? check(game, call, again) : '')
  }
  return `${line(call)} failed ${RETRIES} times after the connections were cut`
}

/** A retry that finds the event recorded: its first answer is what was lost. */
function asFirst(told: Told): Told {
  return told.answer.status === 'DUPLICATE' ? { ...told, answer: { ...told.answer, status: 'RECORDED' } } : told
}
