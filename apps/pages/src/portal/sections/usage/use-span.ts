import type { Granularity, SubscriptionState } from '@florin/sdk'
import { useMemo, useState } from 'react'
import { useProjectNow } from '../../use-project-now.ts'
import { addDays, dayOf } from './local-days.ts'
import {
  type CustomDays,
  choicesOf,
  daysOf,
  granularitiesOf,
  instantsOf,
  readDays,
  type SpanChoice,
  usualGranularity,
} from './spans.ts'

/** The days that are looked at, and how finely. What is typed wrongly leaves those before on the screen. */
export function useSpan(periods: SubscriptionState | undefined, timeZone: string) {
  const now = useProjectNow()
  const today = dayOf(now, timeZone)
  const [chosen, setChosen] = useState<SpanChoice | null>(null)
  const [custom, setCustom] = useState<CustomDays>({ first: addDays(today, -6), last: today })
  const [wanted, setWanted] = useState<Granularity | null>(null)
  const choices = choicesOf(periods)
  const choice = chosen && choices.includes(chosen) ? chosen : (choices[0] as SpanChoice)

  const read = choice === 'custom' ? readDays(custom, today) : { days: daysOf(choice, periods, now, timeZone) }
  const problems = 'problems' in read ? read.problems : {}
  const days = useLast('days' in read ? read.days : null) ?? daysOf('7', periods, now, timeZone)

  const granularities = granularitiesOf(days)
  const granularity = wanted && granularities.includes(wanted) ? wanted : usualGranularity(days)
  const { from, until } = days
  const instants = useMemo(() => instantsOf({ from, until }, timeZone), [from, until, timeZone])
  return {
    choices,
    choice,
    choose: setChosen,
    custom,
    setCustom,
    problems,
    today,
    days,
    ...instants,
    granularities,
    granularity,
    setGranularity: setWanted,
  }
}

export type Span = ReturnType<typeof useSpan>

/** The last value that there was. */
function useLast<Value>(value: Value | null): Value | null {
  const [last, setLast] = useState(value)
  if (value !== null && JSON.stringify(value) !== JSON.stringify(last)) setLast(value)
  return value ?? last
}
