import { nowOf } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import type { Pubsub } from '../../platform/pubsub.ts'
import type { Project } from '../accounts/viewer.ts'
import { withAccount } from './with-account.ts'

/** Writes down what time alone has done to a customer's grants: those that began, and what was left of those that ended. */
export async function settleDueGrants(
  { database, pubsub }: { database: Database; pubsub: Pubsub },
  project: Project,
  customerPk: number,
): Promise<void> {
  const { version } = await database.transaction((tx) => withAccount(tx, customerPk, nowOf(project), async () => {}))
  pubsub.publish([{ key: customerPk, version }])
}
