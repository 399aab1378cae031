import type { Labels, PaywallShown, PriceLabels, PricingLabels } from './labels.ts'

const words = (code: string) => code.replace(/[_.-]+/g, ' ').trim()
const capital = (text: string) => text.replace(/^./, (first) => first.toUpperCase())
const isOne = (raw: string) => /^-?1(\.0+)?$/.test(raw)

/** "image_credits" is "image credits", and one of them an "image credit". */
function nounOf(creditType: string, raw: string): string {
  const plural = words(creditType)
  return isOne(raw) ? plural.replace(/s$/, '') : plural
}

const explanation = ({ reason, cost, available }: PaywallShown) => {
  if (reason === 'INSUFFICIENT_CREDITS') return `This needs ${cost} and you have ${available}.`
  if (reason === 'NO_SUBSCRIPTION') return 'Pick a plan to go on.'
  if (reason === 'PAYMENT_PAST_DUE') return 'A payment is due. Settle it to go on.'
  if (reason === 'SPEND_LIMIT_REACHED') return 'You have reached the limit that you set for this period.'
  if (reason === 'BUDGET_REACHED') return 'The budget for this period is used up.'
  if (reason === 'FEATURE_NOT_INCLUDED') return 'Your plan does not include this.'
  return 'This is not possible just now.'
}

/** `seat` of `seats`: rates are named for invoices, where several are counted. */
const one = (rate: string) => rate.replace(/(?<![aiosu]|xe|che|she)s$/, '')

/** In the middle of a sentence: names such as VAT keep their capitals. */
const inside = (tax: string) => (tax === 'Tax' ? 'tax' : tax)

const pricing: PricingLabels = {
  intervals: { DAY: 'Daily', WEEK: 'Weekly', MONTH: 'Monthly', YEAR: 'Yearly' },
  intervalSwitch: 'Billing interval',
  named: (plan, interval) => `${plan}, ${interval.toLowerCase()}`,
  interval: { DAY: 'day', WEEK: 'week', MONTH: 'month', YEAR: 'year' },
  free: 'Free',
  perInterval: (interval) => `a ${interval}`,
  taxOnTop: (tax) => `plus ${inside(tax)}`,
  taxIncluded: (tax) => `${inside(tax)} included`,
  byQuantity: 'By quantity',
  allowance: (amount, credits, interval) => `${amount} ${credits} a ${interval}`,
  allowanceEach: (amount, credits, rate) => `${amount} ${credits} for each ${one(rate.toLowerCase())}`,
  rollsOver: 'Unused credits roll over',
  rollsOverUpTo: (amount, credits) => `Up to ${amount} unused ${credits} roll over`,
  trial: (days) => `${days} days free`,
  featureValue: (feature, value) => `${feature}: ${value}`,
  currentPlan: 'Your plan',
  pendingPlan: 'Your next plan',
  choose: (plan, how) => {
    if (how === 'trial') return `Try ${plan} for free`
    const verb = { start: 'Start with', upgrade: 'Upgrade to', downgrade: 'Change to', switch: 'Change to' }[how]
    return `${verb} ${plan}`
  },
  pending: (plan, date) => `Changes to ${plan} on ${date}.`,
  ends: (plan, date) => `${plan} ends on ${date}.`,
  keep: (plan) => `Keep ${plan}`,
  trialEnds: (date) => `Free until ${date}`,
  status: { PAST_DUE: 'Payment due', PAUSED: 'Paused' },
  bundles: 'More credits',
  bundle: (credits) => credits,
  bundleExpires: (days) => `valid for ${days} days`,
  buy: (bundle) => `Buy ${bundle}`,
  changeTitle: (plan) => `Change to ${plan}`,
  when: 'When',
  now: 'Now',
  atPeriodEnd: (date) => `At the end of the period, ${date}`,
  dueNow: 'Due now',
  creditedNow: 'Credited to your account',
  nextRenewal: (date) => `Renews on ${date}`,
  creditsAfter: (creditType) => creditType,
  fromTo: (before, after) => `${before} → ${after}`,
  confirm: (plan) => `Change to ${plan}`,
  payAnotherWay: 'Use another card',
  cancel: 'Not now',
  paying: (what) => `Your payment is on its way. ${what} begins when it arrives.`,
  subscribed: (plan) => `You’re on ${plan}. Your credits are here.`,
  changed: (plan) => `You’re on ${plan} now.`,
  scheduled: (plan, date) => `You change to ${plan} on ${date}.`,
  kept: (plan) => `You keep ${plan}.`,
  payingForBundle: 'Your payment is on its way. The credits come with it.',
  bought: (bundle) => `${bundle} bought. Your credits are here.`,
  loading: 'Loading plans',
  failed: 'The plans can’t be shown just now.',
  empty: 'There are no plans to choose from.',
}

const prices: PriceLabels = {
  usage: (rate, price) => `${rate}: ${price}`,
  overage: (price) => `then ${price}`,
  each: (price) => `${price} each`,
  perUnits: (price, units) => `${price} for every ${units}`,
  firstUnits: (price, units) => `${price} up to ${units}`,
  range: (lowest, highest) => `${lowest} to ${highest}`,
  percent: (percent) => `${percent}% of the cost`,
}

/** What the components say unless they are told otherwise. */
export const english: Labels = {
  credits: nounOf,
  creditType: (creditType) => capital(words(creditType)),
  meter: (meter) => capital(words(meter)),
  feature: (feature) => capital(words(feature)),
  tryAgain: 'Try again',
  close: 'Close',
  signIn: 'Sign in first.',
  balance: {
    ofGranted: (granted) => `of ${granted}`,
    resets: (date) => `resets ${date}`,
    expires: (amount, date) => `${amount} expiring ${date}`,
    held: (amount) => `${amount} reserved`,
    low: 'Running low',
    empty: 'Used up',
    overage: (amount, price) => `${amount} over${price ? ` · billed at period end at ${price} each` : ''}`,
    reconnecting: 'reconnecting…',
    loading: 'Loading the balance',
    failed: 'The balance can’t be shown just now.',
    announcement: (amount, credits) => `${amount} ${credits} left`,
  },
  paywall: {
    title: {
      INSUFFICIENT_CREDITS: 'Out of credits',
      NO_SUBSCRIPTION: 'No plan yet',
      PAYMENT_PAST_DUE: 'Payment due',
      SPEND_LIMIT_REACHED: 'Spend limit reached',
      BUDGET_REACHED: 'Budget used up',
      FEATURE_NOT_INCLUDED: 'Not in your plan',
      other: 'Not possible now',
    },
    explanation,
    choosePlan: (plan, upgrade) => `${upgrade ? 'Upgrade to' : 'Start with'} ${plan}`,
    buyBundle: (bundle) => `Buy ${bundle}`,
    settle: 'Settle the payment',
    noRemedies: 'Nothing on offer would help just now.',
    loading: 'Checking your credits',
    failed: 'Your credits can’t be checked just now.',
  },
  pricing,
  prices,
  chart: {
    title: (meter) => meter,
    instructions: 'Left and right arrow keys move through the bars.',
    total: (amount) => `${amount} in all`,
    period: 'Period',
    quantity: 'Quantity',
    credits: 'Credits',
    loading: 'Loading usage',
    failed: 'Usage can’t be shown just now.',
    empty: 'Nothing used yet.',
  },
}
