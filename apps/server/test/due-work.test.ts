import { afterAll, beforeAll, expect, test } from 'vitest'
import { readProject } from '../src/modules/accounts/read-project.ts'
import type { Project } from '../src/modules/accounts/viewer.ts'
import { settleDueWork } from '../src/modules/clock/jobs.ts'
import { settleOverdue } from '../src/modules/subscriptions/settle-due-subscriptions.ts'
import { atOnce, tally, until } from './at-once.ts'
import { consume, ledger } from './calls.ts'
import { type Peer, type Stack, startStack } from './stack.ts'
import { FREE, publishRateCard, publishWorkedExample, signUp } from './worked-example.ts'

// Due work when nobody calls advanceClock: the clock passes the end of a period, and workers find out by themselves.

let stack: Stack
let peers: readonly Peer[]

beforeAll(async () => {
  stack = await startStack()
  peers = [stack, await stack.addPeer(), await stack.addPeer()]
  await publishWorkedExample(stack)
  const allowances = [{ creditType: 'credits', amount: '100' }]
  await publishRateCard(stack, { ...FREE, code: 'hundred', name: 'Hundred', allowances })
})
afterAll(() => stack.close())

interface Row {
  readonly customer: string
  readonly customerPk: number
  readonly periods: number
  readonly isDue: boolean
}

/** The subscriptions of customers whose id begins so, as they are stored. */
function rowsOf(prefix: string): Promise<Row[]> {
  return stack.database.query<Row>(
    `select c.id as customer, c.pk as "customerPk", s.period_index as periods,
       s.due_at <= now() + p.clock_offset_ms * interval '1 millisecond' or s.claimed_until is not null as "isDue"
     from subscription s join customer c on c.pk = s.customer_pk join project p on p.id = c.project_id
     where c.id like $1 || '%' order by c.id`,
    [prefix],
  )
}

/** The clock passes the end of every period that runs, and nobody is told. */
async function passPeriodEnd(): Promise<Project> {
  await stack.database.query(`update project p set clock_offset_ms = p.clock_offset_ms + $2 where p.id = $1`, [
    stack.project.id,
    32 * 86_400_000,
  ])
  return (await readProject(stack.database, stack.project.id)) as Project
}

test('S23 a second reset in the same minute is refused, by whichever worker it is tried', async () => {
  await signUp(stack, 's23', 'hundred')
  const project = await passPeriodEnd()
  const { customerPk } = (await rowsOf('s23'))[0] as Row

  const settle = ({ app }: Peer) => settleOverdue(app, project, customerPk)
  await Promise.all([...peers, ...peers, ...peers].map(settle))
  await consume(stack, { customerId: 's23', idempotencyKey: 'five', quantity: '5' })
  await Promise.all(peers.map(settle))

  expect(await rowsOf('s23')).toMatchObject([{ periods: 1 }])
  expect((await ledger(stack, 's23')).map(({ kind, availableAfter }) => `${kind} ${availableAfter}`)).toEqual([
    'DRAW 95',
    'GRANT 100',
    'EXPIRE 0',
    'GRANT 100',
  ])
})

test('S06 three workers, 1,000 due subscriptions: 1,000 cycles, and a draw of 5 right after the reset survives', async () => {
  await atOnce(1000, (index) => signUp(stack, `s06-${index}`, 'hundred'))
  await passPeriodEnd()

  // Beside the loops of the three, which would start up to two seconds apart.
  const working = Promise.all(peers.map(({ app }) => settleDueWork(app)))
  const drawn = new Set<string>()
  while (drawn.size < 1000) {
    const renewed = (await rowsOf('s06-')).filter(({ customer, periods }) => periods > 0 && !drawn.has(customer))
    for (const { customer } of renewed) drawn.add(customer)
    await Promise.all(
      renewed.map(({ customer }) => consume(stack, { customerId: customer, idempotencyKey: 'five', quantity: '5' })),
    )
  }
  await working
  const rows = await until(
    () => rowsOf('s06-'),
    (rows) => rows.every(({ isDue }) => !isDue),
  )

  expect(tally(rows.map(({ periods }) => periods))).toEqual({ 1: 1000 })
  const ledgers = await atOnce(1000, async (index) => {
    const entries = await ledger(stack, `s06-${index}`)
    return entries.map(({ kind, availableAfter }) => `${kind} ${availableAfter}`).join(', ')
  })
  expect(tally(ledgers)).toEqual({ 'DRAW 95, GRANT 100, EXPIRE 0, GRANT 100': 1000 })
})
