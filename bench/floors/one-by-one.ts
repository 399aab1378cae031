import pg from 'pg'

export interface LoopPlan {
  readonly url: string
  readonly connections: number
  readonly seconds: number
}

/**
 * Transactions one by one on each of some connections, as billing code is usually written.
 *
 * @param work is given the number of the transaction, from 0.
 * @returns transactions a second.
 */
export async function runOneByOne(
  { url, connections, seconds }: LoopPlan,
  setUp: (client: pg.Client) => Promise<unknown>,
  work: (client: pg.Client, count: number) => Promise<unknown>,
): Promise<number> {
  const clients = Array.from({ length: connections }, () => new pg.Client({ connectionString: url }))
  await Promise.all(clients.map((client) => client.connect()))
  if (clients[0]) await setUp(clients[0])
  const began = performance.now()
  const end = began + seconds * 1_000
  let next = 0
  let done = 0
  const repeat = async (client: pg.Client) => {
    while (performance.now() < end) {
      await work(client, next++)
      done++
    }
  }
  await Promise.all(clients.map(repeat))
  const elapsed = performance.now() - began
  await Promise.all(clients.map((client) => client.end()))
  return (done * 1_000) / elapsed
}
