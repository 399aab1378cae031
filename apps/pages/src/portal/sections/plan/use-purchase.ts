import type { SubscriptionResult } from '@florin/sdk'
import { useOpenCheckout } from '@florin/sdk/react'
import { useState } from 'react'
import type { News } from '../../section-news.tsx'
import { SLOW_MONEY } from '../../slow-money.ts'
import { useAction } from '../../use-action.ts'

type CheckoutTarget = Parameters<ReturnType<typeof useOpenCheckout>>[0]
type CheckoutOptions = Parameters<ReturnType<typeof useOpenCheckout>>[1]

export type Purchase = {
  /** Asks the API; what it answers leads to the end, to a checkout, or back to the question with a reason. */
  ask: () => Promise<SubscriptionResult>
  /** What stands on the section when it is done. */
  done: string
}

const UNPAID: News = {
  tone: 'quiet',
  sentence: 'You closed the checkout. Nothing was charged and nothing has changed.',
}

/** What has come of a checkout, by its outcome. */
const ENDINGS: Readonly<Record<string, (done: string) => News>> = {
  completed: (sentence) => ({ tone: 'good', sentence }),
  pending: () => ({ tone: 'quiet', sentence: SLOW_MONEY }),
}

/**
 * One purchase or change, from the click to its end: with the card on file, by the checkout that the API asks for, or by a
 * checkout with another card after a decline.
 */
export function usePurchase(onClose: () => void, onDone: (news: News) => void) {
  const openCheckout = useOpenCheckout()
  const { busy, fault, run, forget } = useAction()
  const [declined, setDeclined] = useState<string | null>(null)

  async function checkOut(target: CheckoutTarget, options: CheckoutOptions, done: string): Promise<void> {
    // The checkout stands on top of the page: two dialogs would fight for the focus.
    onClose()
    try {
      const { outcome } = await openCheckout(target, options)
      onDone(ENDINGS[outcome]?.(done) ?? UNPAID)
    } catch (failure) {
      onDone({ tone: 'bad', sentence: `The checkout could not be opened. ${(failure as Error).message}` })
    }
  }

  const buy = ({ ask, done }: Purchase) =>
    run(async () => {
      setDeclined(null)
      const result = await ask()
      if (result.__typename === 'SubscriptionSuccess') return onDone({ tone: 'good', sentence: done })
      if (result.__typename === 'PaymentFailed') return setDeclined(result.message)
      const { checkoutUrl, token } = result
      await checkOut({ checkoutUrl, token }, undefined, done)
    })

  const buyWithAnotherCard = (target: CheckoutTarget, options: CheckoutOptions, done: string) =>
    run(() => checkOut(target, options, done))

  return { busy, fault, declined, buy, buyWithAnotherCard, forget }
}
