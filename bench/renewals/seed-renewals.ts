import { createProject, createSecretKey } from '../../apps/server/src/modules/accounts/create-project.ts'
import { ensureProfile } from '../../apps/server/src/modules/payments/payment-profile.ts'
import { createPaymentProvider, type PaymentProvider } from '../../apps/server/src/modules/payments/provider.ts'
import type { Database } from '../../apps/server/src/platform/database.ts'
import { inLanes } from '../../apps/server/src/platform/lanes.ts'
import { type Api, callApi } from '../api.ts'
import { SANDBOX_KEY } from '../services.ts'
import { cloneCustomer, type Template } from './clone-customer.ts'

/** Subscriptions whose period ends at the same time. */
export interface Renewals {
  readonly projectId: string
  readonly free: number
  readonly paid: number
  /** When the last of them is due, by the project's clock. */
  readonly dueAt: number
}

const CREDITS = 100
export const PRICE_MINOR = 1_000
const CARD_ON_FILE = 'pm_card_visa'
const AT_ONCE = 16

const card = (code: string, fixedRates: readonly object[]) => ({
  code,
  name: code,
  fixedRates,
  allowances: [{ creditType: 'credits', amount: String(CREDITS) }],
})
const BASE = { code: 'base', name: 'Base', price: { flat: { amount: '10.00' } } }

const DEFINE = `mutation ($free: RateCardInput!, $paid: RateCardInput!) {
  defineCreditType(input: { code: "credits" }) { code }
  free: publishRateCard(input: $free) { code }
  paid: publishRateCard(input: $paid) { code }
}`
const SIGN_UP = 'mutation ($id: ID!) { upsertCustomer(input: { id: $id }) { id } }'
const SUBSCRIBE = `mutation ($input: SubscribeInput!) {
  subscribe(input: $input) { ... on SubscriptionSuccess { subscription { id } } } }`

/**
 * Half of them free, half of them paid with a card on file, in a project of their own. The API writes one of each kind;
 * the others are copies of it, and customers of the payment sandbox like any other.
 */
export async function seedRenewals(server: Api, database: Database, subscriptions: number): Promise<Renewals> {
  const project = await createProject(database, { name: 'Renewals', mode: 'SANDBOX' })
  const api = { ...server, secretKey: await createSecretKey(database, project, 'bench') }
  await callApi(api, DEFINE, { free: card('free', []), paid: card('paid', [BASE]) })
  const sandboxUrl = `http://127.0.0.1:${api.port}`
  const [installation] = await database.query<{ id: string }>(`select id from installation`)
  const provider = createPaymentProvider({
    secretKey: SANDBOX_KEY,
    sandboxUrl,
    webhookSecrets: [],
    installation: async () => installation?.id ?? '',
  })
  const paid = Math.floor(subscriptions / 2)
  const templates = {
    free: await signUp(api, database, 'free', async () => {}),
    paid: await signUp(api, database, 'paid', ({ pk }) => putCardsOnFile(database, provider, [pk])),
  }
  const stamp = project.id.slice(0, 13)
  const beganWith = templates.free
  await cloneCustomer(database, templates.free, { copies: subscriptions - paid - 1, stamp, beganWith })
  await cloneCustomer(database, templates.paid, { copies: paid - 1, stamp, beganWith })
  const payers = await database.query<{ pk: number }>(
    `select pk from customer where project_id = $1 and id like 'paid-%'`,
    [project.id],
  )
  await putCardsOnFile(
    database,
    provider,
    payers.map(({ pk }) => pk),
  )
  const [due] = await database.query<{ last: number }>(
    `select max(due_at) as last from subscription s join customer c on c.pk = s.customer_pk where c.project_id = $1`,
    [project.id],
  )
  return { projectId: project.id, free: subscriptions - paid, paid, dueAt: (due as { last: number }).last }
}

/** Subscribes a customer to the card of the same name. */
async function signUp(
  api: Api,
  database: Database,
  id: string,
  prepare: (customer: Template) => Promise<void>,
): Promise<Template> {
  await callApi(api, SIGN_UP, { id })
  const [customer] = await database.query<{ pk: number }>(
    `select c.pk from customer c join project p on p.id = c.project_id where c.id = $1 and p.name = 'Renewals'`,
    [id],
  )
  const template = { id, pk: (customer as { pk: number }).pk }
  await prepare(template)
  const input = { customerId: id, rateCard: id }
  const { subscribe } = await callApi<{ subscribe: { subscription?: unknown } }>(api, SUBSCRIBE, { input })
  if (!subscribe.subscription) throw new Error(`${id} was not subscribed`)
  return template
}

async function putCardsOnFile(database: Database, provider: PaymentProvider, pks: readonly number[]): Promise<void> {
  await inLanes(pks, AT_ONCE, (pk) => ensureProfile({ database }, provider, pk))
  await database.query(
    `with method as (
       insert into payment_method (id, customer_pk, account, provider_method_id, type, brand, last4, exp_month, exp_year)
       select gen_random_uuid(), customer_pk, account, $2, 'CARD', 'visa', '4242', 12, 2034 from payment_profile
       where customer_pk = any($1) returning id, customer_pk)
     update payment_profile p set payment_method_id = method.id from method where method.customer_pk = p.customer_pk`,
    [pks, CARD_ON_FILE],
  )
}

/** The sandbox clock passes the instant: everything is due, and nobody is told. */
export async function makeDue(database: Database, { projectId, dueAt }: Renewals): Promise<void> {
  await database.query(`update project set clock_offset_ms = $2 where id = $1`, [projectId, dueAt + 1 - Date.now()])
}
