import type { Frame, Page } from 'playwright-core'

// The provider's card page, as its customer uses it: alone, or in a frame.

export const GOOD_CARD = '4242424242424242'
/** The bank asks for a confirmation, every time. */
export const CHALLENGED_CARD = '4000002760003184'

/** Types a card and presses pay. What follows depends on the card. */
export async function typeCard(where: Page | Frame, number = GOOD_CARD): Promise<void> {
  await where.getByLabel('Card number').fill(number)
  await where.getByLabel('Expiry').fill('12 / 40')
  await where.getByLabel('CVC').fill('123')
  await where.getByLabel('Name on card').fill('Ada Lovelace')
  // By keyboard: an overlay that still grows around its frame moves away from a pointer.
  await where.getByRole('button', { name: /^(Pay|Save)/ }).press('Enter')
}

export async function answerBank(where: Page | Frame, answer: 'Complete' | 'Fail'): Promise<void> {
  await where.getByRole('button', { name: `${answer} authentication` }).click()
}
