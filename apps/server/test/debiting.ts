import { dataOf } from './calls.ts'
import { openCardPage } from './pay-checkout.ts'
import type { Peer, Stack } from './stack.ts'
import { FREE, PREMIUM, publishRateCard } from './worked-example.ts'

// Customers who pay from a bank account: the bank takes days, and answers when the test says so.

export const GOOD_ACCOUNT = 'AT611904300234573201'
/** The debit comes back. */
export const EMPTY_ACCOUNT = 'AT981904300002222227'
/** The debit succeeds, and its owner disputes it. */
export const DISPUTED_ACCOUNT = 'AT591904300235473203'

/** Cards in euros, and a project that takes debits. */
export async function takeDebits(to: Pick<Peer, 'query'>): Promise<void> {
  await dataOf(to.query(`mutation { setPaymentMethodTypes(types: [CARD, SEPA_DEBIT]) }`))
  await publishRateCard(to, { ...PREMIUM, code: 'euro', name: 'Euro', currency: 'EUR' })
  await publishRateCard(to, { ...FREE, code: 'free-euro', name: 'Free in euros', currency: 'EUR' })
}

/** Types an account into the provider's page and confirms. */
export async function typeAccount(pageUrl: string, iban = GOOD_ACCOUNT): Promise<void> {
  const form = { method: 'sepa_debit', iban, holder: 'Ada Lovelace', email: 'ada@example.com' }
  const response = await fetch(pageUrl, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' })
  await response.body?.cancel()
  if (response.status >= 400) throw new Error(`the page took no account: ${response.status}`)
}

/** Opens the provider's page of a checkout and pays on it from an account. */
export async function debitOnPage(to: Pick<Peer, 'query'>, token: string, iban?: string): Promise<void> {
  await typeAccount(await openCardPage(to, token), iban)
}

/** Lets the banks answer. */
export async function letBanksAnswer({ url }: Pick<Stack, 'url'>): Promise<void> {
  const response = await fetch(`${url}/stripe-sandbox/settle`, { method: 'POST' })
  if (!response.ok) throw new Error(`the banks said nothing: ${response.status}`)
  await response.body?.cancel()
}
