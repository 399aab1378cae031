import { noSuch } from './api-error.ts'
import type { Context, Route } from './context.ts'

/** The account that the secret key belongs to. */
function accountOf(context: Context): object {
  return {
    id: context.accountId,
    object: 'account',
    business_type: 'company',
    charges_enabled: true,
    country: 'AT',
    created: 1_600_000_000,
    default_currency: 'eur',
    details_submitted: true,
    email: 'sandbox@example.com',
    livemode: false,
    metadata: {},
    payouts_enabled: true,
    settings: { dashboard: { display_name: 'Stripe sandbox', timezone: 'Etc/UTC' } },
    type: 'standard',
  }
}

export const accountRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/account', handler: accountOf },
  {
    method: 'GET',
    path: '/v1/accounts/:id',
    handler(context, _params, id) {
      if (id !== context.accountId) throw noSuch('account', id)
      return accountOf(context)
    },
  },
]
