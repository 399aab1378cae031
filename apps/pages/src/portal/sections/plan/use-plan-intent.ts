import type { RateCard, SubscriptionState } from '@florin/sdk'
import { useRef, useState } from 'react'
import { usePortalContents } from '../../portal-context.ts'
import type { News } from '../../section-news.tsx'

/** What somebody is about to do. */
export type PlanIntent =
  | { name: 'change'; subscription: SubscriptionState; card: RateCard }
  | { name: 'cancel'; subscription: SubscriptionState }
  | { name: 'start'; card: RateCard }

/** How what they are about to do ends. */
export type PlanEndings = {
  onClose: () => void
  onDone: (news: News) => void
  /** It waits for the period's end, and stands among the notices by itself, with the way to take it back. */
  onScheduled: (sentence: string) => void
}

/** From the button to what has come of it: one thing at a time. */
export function usePlanIntent() {
  const { announce } = usePortalContents()
  const [intent, setIntent] = useState<PlanIntent | null>(null)
  const [news, setNews] = useState<News | null>(null)
  const notices = useRef<HTMLDivElement>(null)
  const forget = () => setNews(null)
  const begin = (next: PlanIntent) => {
    forget()
    setIntent(next)
  }
  const endings: PlanEndings = {
    onClose: () => setIntent(null),
    onDone: (told) => {
      setIntent(null)
      setNews(told)
    },
    onScheduled: (sentence) => {
      setIntent(null)
      announce(sentence)
      requestAnimationFrame(() => notices.current?.focus())
    },
  }
  return { intent, news, notices, begin, forget, endings }
}
