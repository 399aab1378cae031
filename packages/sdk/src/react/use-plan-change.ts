import { useEffect, useRef, useState } from 'react'
import { asFlorinError, FlorinError } from '../client/errors.ts'
import { liveSubscriptions, replacedBy } from '../client/live/card-place.ts'
import { compareCards, fixedPriceOf, isZero } from '../client/live/price.ts'
import type {
  ChangeBehavior,
  RateCard,
  RateCardChangePreview,
  SubscriptionResult,
  SubscriptionState,
} from '../client/types.ts'
import { useBillingApi } from './use-billing-api.ts'
import { useBillingState } from './use-billing-state.ts'
import { useRateCardPreview } from './use-rate-card-preview.ts'

/**
 * What choosing came to: the card is the customer's, or will be, or stays. `paying`: it comes with the money, for which the
 * bank takes days. Nothing for a checkout that was closed.
 */
export interface PlanNews {
  readonly kind: 'subscribed' | 'paying' | 'changed' | 'scheduled' | 'kept'
  readonly rateCard: RateCard
  /** For what is scheduled: when. */
  readonly at?: string
}

/** A change that the customer looks at before it is made. */
export interface PlanChange {
  readonly rateCard: RateCard
  readonly subscription: SubscriptionState
  readonly behavior: ChangeBehavior
  readonly setBehavior: (behavior: ChangeBehavior) => void
  readonly preview: RateCardChangePreview | null
  readonly loading: boolean
  /** Why it could not be looked at, or made. */
  readonly error: FlorinError | null
  readonly confirm: () => void
  /** After a payment that failed: opens the checkout, where another card can be given. */
  readonly payAnotherWay: (() => void) | undefined
  readonly dismiss: () => void
}

export interface PlanChoice {
  readonly choose: (rateCard: RateCard) => void
  /** Takes back a change or a cancellation that waits for the period's end. */
  readonly keep: (subscription: SubscriptionState) => void
  readonly change: PlanChange | null
  /** The code of the card that is being chosen or kept. */
  readonly working: string | null
  readonly news: PlanNews | null
  readonly error: FlorinError | null
}

/** Downgrades wait for the period's end, unless the customer wants them now. */
const usualBehavior = (from: RateCard, to: RateCard): ChangeBehavior =>
  (compareCards(to, from) ?? 0n) < 0n ? 'AT_PERIOD_END' : 'RATE_DIFFERENCE'

/**
 * Choosing a plan, whatever it takes: a free card is there at once, a paid one opens the checkout, and a subscriber with a
 * payment method on file sees beforehand what a change costs and brings.
 */
export function usePlanChoice(onSignIn?: (rateCard: RateCard) => void): PlanChoice {
  const api = useBillingApi()
  const { state, openCheckout } = useBillingState()
  const { working, news, error, work, forget } = useWork()
  const change = useOpenChange()
  const pay = async (target: Parameters<typeof openCheckout>[0], rateCard: RateCard): Promise<PlanNews | null> => {
    const { outcome } = await openCheckout(target)
    return outcome === 'canceled' ? null : { kind: outcome === 'pending' ? 'paying' : 'subscribed', rateCard }
  }
  const finish = async (result: SubscriptionResult, done: PlanNews): Promise<PlanNews | null> => {
    if (result.__typename === 'SubscriptionSuccess') return done
    if (result.__typename === 'PaymentFailed') throw new FlorinError(result.message, { code: PAYMENT_FAILED })
    await change.close()
    return pay({ checkoutUrl: result.checkoutUrl, token: result.token }, done.rateCard)
  }
  const choose = (rateCard: RateCard) => {
    const subscription = replacedBy(rateCard, liveSubscriptions(state))
    const behavior = subscription && usualBehavior(subscription.rateCard, rateCard)
    if (subscription && behavior && (behavior === 'AT_PERIOD_END' || state?.paymentMethod || isFree(rateCard))) {
      forget()
      return change.look({ rateCard, subscription, behavior })
    }
    void work(rateCard.code, async () => {
      const atOnce = !subscription && (isFree(rateCard) || rateCard.trialDays > 0)
      const start = async () =>
        atOnce
          ? finish(await api.subscribe({ rateCard: rateCard.code }), { kind: 'subscribed', rateCard })
          : pay({ rateCard: rateCard.code }, rateCard)
      return start().catch((thrown) => signInFirst(thrown, rateCard, onSignIn))
    })
  }
  const confirm = async () => {
    if (!change.looked) return
    const { rateCard, subscription, behavior } = change.looked
    const made = await work(rateCard.code, async () => {
      const input = { subscriptionId: subscription.id, rateCard: rateCard.code, behavior }
      const done: PlanNews =
        behavior === 'AT_PERIOD_END'
          ? { kind: 'scheduled', rateCard, at: subscription.currentPeriodEnd }
          : { kind: 'changed', rateCard }
      return finish(await api.changeRateCard(input), done)
    })
    if (made) await change.close()
  }
  const payAnotherWay = (rateCard: RateCard) => {
    void work(rateCard.code, async () => {
      await change.close()
      return pay({ rateCard: rateCard.code }, rateCard)
    })
  }
  const keep = (subscription: SubscriptionState) =>
    void work(subscription.rateCard.code, async () => {
      await api.resumeSubscription(subscription.id)
      return { kind: 'kept', rateCard: subscription.rateCard }
    })
  return {
    choose,
    keep,
    change: change.shown(error, { confirm: () => void confirm(), payAnotherWay, forget }),
    working,
    news,
    error,
  }
}

const isFree = (card: RateCard): boolean => isZero(fixedPriceOf(card)?.amount ?? '')

/** Who is not signed in is led there instead; nothing has come of the choice yet. */
function signInFirst(thrown: unknown, rateCard: RateCard, onSignIn: ((rateCard: RateCard) => void) | undefined): null {
  if (!onSignIn || !(thrown instanceof FlorinError) || thrown.code !== 'SIGNED_OUT') throw thrown
  onSignIn(rateCard)
  return null
}

/** One step at a time, and what the last one came to. */
function useWork() {
  const [working, setWorking] = useState<string | null>(null)
  const [news, setNews] = useState<PlanNews | null>(null)
  const [error, setError] = useState<FlorinError | null>(null)
  const forget = () => {
    setNews(null)
    setError(null)
  }
  const work = async (code: string, step: () => Promise<PlanNews | null>): Promise<boolean> => {
    setWorking(code)
    forget()
    try {
      setNews(await step())
      return true
    } catch (thrown) {
      setError(asFlorinError(thrown, 'The plan could not be changed'))
      return false
    } finally {
      setWorking(null)
    }
  }
  return { working, news, error, work, forget }
}

const PAYMENT_FAILED = 'PAYMENT_FAILED'

interface Steps {
  readonly confirm: () => void
  readonly payAnotherWay: (rateCard: RateCard) => void
  readonly forget: () => void
}

type Looked = Pick<PlanChange, 'rateCard' | 'subscription' | 'behavior'>

/** The change that is looked at, with what it would cost and bring. */
function useOpenChange() {
  const [looked, setLooked] = useState<Looked | null>(null)
  const asked = looked && {
    subscriptionId: looked.subscription.id,
    rateCard: looked.rateCard.code,
    behavior: looked.behavior,
  }
  const { preview, loading, error: unknown } = useRateCardPreview(asked)
  const closed = useRef<(() => void)[]>([])
  useEffect(() => {
    if (looked === null) for (const done of closed.current.splice(0)) done()
  }, [looked])
  // Settles when no dialog is open any more: a checkout opened behind one would have no focus.
  const close = (): Promise<void> => {
    if (looked === null) return Promise.resolve()
    setLooked(null)
    return new Promise((done) => closed.current.push(done))
  }
  const shown = (error: FlorinError | null, { confirm, payAnotherWay, forget }: Steps): PlanChange | null =>
    looked && {
      ...looked,
      setBehavior: (behavior) => setLooked({ ...looked, behavior }),
      preview,
      loading,
      error: error ?? unknown,
      confirm,
      payAnotherWay: error?.code === PAYMENT_FAILED ? () => payAnotherWay(looked.rateCard) : undefined,
      dismiss: () => {
        forget()
        setLooked(null)
      },
    }
  return { looked, look: setLooked, close, shown }
}
