import type { AccessReason, SubscriptionState } from '../../client/types.ts'

/** Every word of the components. Numbers, money and dates arrive as the locale writes them; `raw` is the plain decimal. */
export interface Labels {
  /** The noun for so many: "credit" or "credits". A credit type with a name of its own has that name. */
  readonly credits: (creditType: string, raw: string) => string
  /** The heading of a pool: "Credits". */
  readonly creditType: (creditType: string) => string
  /** What a meter counts: "Characters". */
  readonly meter: (meter: string) => string
  readonly feature: (feature: string) => string
  readonly tryAgain: string
  readonly close: string
  /** Where nobody is signed in. */
  readonly signIn: string
  readonly balance: BalanceLabels
  readonly paywall: PaywallLabels
  readonly pricing: PricingLabels
  readonly prices: PriceLabels
  readonly chart: ChartLabels
}

export interface BalanceLabels {
  readonly ofGranted: (granted: string) => string
  readonly resets: (date: string) => string
  readonly expires: (amount: string, date: string) => string
  readonly held: (amount: string) => string
  readonly low: string
  readonly empty: string
  readonly overage: (amount: string, price: string | null) => string
  readonly reconnecting: string
  readonly loading: string
  readonly failed: string
  /** What a screen reader hears once the number rests. */
  readonly announcement: (amount: string, credits: string) => string
}

export interface PaywallLabels {
  readonly title: Partial<Record<AccessReason, string>> & { readonly other: string }
  readonly explanation: (shown: PaywallShown) => string
  readonly choosePlan: (plan: string, upgrade: boolean) => string
  readonly buyBundle: (bundle: string) => string
  readonly settle: string
  readonly noRemedies: string
  readonly loading: string
  readonly failed: string
}

export interface PaywallShown {
  readonly reason: AccessReason
  /** With its noun: "3 credits". */
  readonly cost: string
  /** The number alone. */
  readonly available: string
}

export interface PricingLabels {
  readonly intervals: Readonly<Record<'DAY' | 'WEEK' | 'MONTH' | 'YEAR', string>>
  readonly intervalSwitch: string
  /** Cards of one name, told apart. */
  readonly named: (plan: string, interval: string) => string
  readonly interval: Readonly<Record<'DAY' | 'WEEK' | 'MONTH' | 'YEAR', string>>
  readonly free: string
  readonly perInterval: (interval: string) => string
  /** Beside a price: a tax that comes on top of it, or is in it. */
  readonly taxOnTop: (tax: string) => string
  readonly taxIncluded: (tax: string) => string
  readonly byQuantity: string
  readonly allowance: (amount: string, credits: string, interval: string) => string
  readonly allowanceEach: (amount: string, credits: string, rate: string) => string
  readonly rollsOver: string
  readonly rollsOverUpTo: (amount: string, credits: string) => string
  readonly trial: (days: number) => string
  readonly featureValue: (feature: string, value: string) => string
  readonly currentPlan: string
  /** On the button of a plan that begins with the next period. */
  readonly pendingPlan: string
  readonly choose: (plan: string, how: ChooseLabel) => string
  readonly pending: (plan: string, date: string) => string
  readonly ends: (plan: string, date: string) => string
  readonly keep: (plan: string) => string
  readonly trialEnds: (date: string) => string
  readonly status: Partial<Record<SubscriptionState['status'], string>>
  readonly bundles: string
  readonly bundle: (credits: string) => string
  readonly bundleExpires: (days: number) => string
  readonly buy: (bundle: string) => string
  readonly changeTitle: (plan: string) => string
  readonly when: string
  readonly now: string
  readonly atPeriodEnd: (date: string) => string
  readonly dueNow: string
  readonly creditedNow: string
  readonly nextRenewal: (date: string) => string
  readonly creditsAfter: (creditType: string) => string
  readonly fromTo: (before: string, after: string) => string
  readonly confirm: (plan: string) => string
  /** After a decline: opens the checkout, where another card can be given. */
  readonly payAnotherWay: string
  readonly cancel: string
  readonly paying: (what: string) => string
  readonly subscribed: (plan: string) => string
  readonly changed: (plan: string) => string
  readonly scheduled: (plan: string, date: string) => string
  readonly kept: (plan: string) => string
  readonly bought: (bundle: string) => string
  readonly payingForBundle: string
  readonly loading: string
  readonly failed: string
  readonly empty: string
}

export type ChooseLabel = 'start' | 'trial' | 'upgrade' | 'downgrade' | 'switch'

export interface PriceLabels {
  /** Of usage in credits: "Characters: 1 credit each". */
  readonly usage: (rate: string, price: string) => string
  readonly overage: (price: string) => string
  readonly each: (price: string) => string
  readonly perUnits: (price: string, units: string) => string
  readonly firstUnits: (price: string, units: string) => string
  readonly range: (lowest: string, highest: string) => string
  readonly percent: (percent: string) => string
}

export interface ChartLabels {
  readonly title: (meter: string) => string
  readonly instructions: string
  readonly total: (amount: string) => string
  readonly period: string
  readonly quantity: string
  readonly credits: string
  readonly loading: string
  readonly failed: string
  readonly empty: string
}

/** Labels of which some are replaced. */
export type LabelParts = {
  readonly [Group in keyof Labels]?: Labels[Group] extends (...asked: never) => string
    ? Labels[Group]
    : Labels[Group] extends string
      ? string
      : Partial<Labels[Group]>
}

export function mergeLabels(labels: Labels, parts: LabelParts | undefined): Labels {
  if (!parts) return labels
  const merged: Record<string, unknown> = { ...labels }
  for (const [name, part] of Object.entries(parts)) {
    const before = merged[name]
    merged[name] = typeof part === 'object' && typeof before === 'object' ? { ...before, ...part } : part
  }
  return merged as unknown as Labels
}
