import type { Database } from '../../platform/database.ts'
import { invalidInput } from '../../platform/errors.ts'
import { signCustomerToken } from './customer-token.ts'
import { findCustomer } from './read-customer.ts'
import type { Project } from './viewer.ts'

const SHORTEST = 30
const LONGEST = 86_400

/** A token for the customer's browser. Life: 30 seconds to a day. Throws NOT_FOUND, INVALID_INPUT. */
export async function createCustomerToken(
  { database }: { database: Database },
  project: Project,
  input: { customerId: string; ttlSeconds: number },
) {
  if (input.ttlSeconds < SHORTEST || input.ttlSeconds > LONGEST) {
    throw invalidInput('ttlSeconds', `ttlSeconds must be between ${SHORTEST} and ${LONGEST}`)
  }
  const customer = await findCustomer(database, project, input.customerId)
  return signCustomerToken(project, customer.id, input.ttlSeconds)
}
