/** What a checkout ends with where the bank takes days: nothing has come of it yet. */
export const SLOW_MONEY = 'Thank you. Your bank takes some days; everything changes by itself when the money is there.'
