import type { Route } from './context.ts'

/** The one account that there is: whose the keys are. */
export const ACCOUNT_ID = 'acct_1StripeSandbox00'

function retrieveAccount(): object {
  return {
    id: ACCOUNT_ID,
    object: 'account',
    business_profile: { name: 'Sandbox', support_email: null, url: null },
    charges_enabled: true,
    country: 'US',
    default_currency: 'usd',
    details_submitted: true,
    email: null,
    metadata: {},
    payouts_enabled: true,
    settings: { dashboard: { display_name: 'Sandbox', timezone: 'Etc/UTC' } },
    type: 'standard',
  }
}

export const accountRoutes: readonly Route[] = [{ method: 'GET', path: '/v1/account', handler: retrieveAccount }]
