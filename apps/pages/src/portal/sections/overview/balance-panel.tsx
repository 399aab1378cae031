import { amountOf } from '@florin/core'
import type { Balance } from '@florin/sdk'
import { useBillingState } from '@florin/sdk/react'
import { useEffect, useRef } from 'react'
import { formatDay, relativeDay } from '../../../days.ts'
import { formatNumber, isZero } from '../../../formats.ts'
import { moneyOf } from '../../amounts.ts'
import { Panel } from '../../panel.tsx'
import { usePortalContents } from '../../portal-context.ts'
import { useProjectNow } from '../../use-project-now.ts'
import { GrantList } from './grant-list.tsx'

/** Usage comes in many small steps: a screen reader hears where they led to. */
const SETTLED_AFTER_MS = 1500

/** More characters than this are set smaller. */
const LONG = 9

/** One kind of credits: how many there are now, where they come from and when they go. */
export function BalancePanel({ balance }: { balance: Balance }) {
  const { portal } = usePortalContents()
  const now = useProjectNow()
  const { name, available, granted, used, resetsAt } = balance
  const number = formatNumber(available)
  useAnnounced(balance)
  return (
    <Panel
      title={name}
      className="balance"
      aside={
        resetsAt && (
          <span className="quiet small">
            New {lower(name)} {relativeDay(resetsAt, now, portal.timezone)}, {onDay(resetsAt, portal.timezone)}
          </span>
        )
      }
    >
      <div className="balance-now">
        <p className="balance-figure">
          {/* A new element for each number, so that the change can be seen. */}
          <strong key={available} className={`balance-number ${number.length > LONG ? 'balance-number-long' : ''}`}>
            {number}
          </strong>{' '}
          <span className="quiet">available</span>
        </p>
        {!isZero(granted) && <Meter used={used} granted={granted} />}
      </div>
      <BalanceWords balance={balance} />
      <GrantList grants={balance.grants} timezone={portal.timezone} now={now} name={name} />
    </Panel>
  )
}

/** `on Feb 1, 2026`, kept on one line. */
const onDay = (instant: string, timezone: string) => `on ${formatDay(instant, timezone)}`.replaceAll(' ', '\u00a0')

const lower = (name: string) => name.charAt(0).toLowerCase() + name.slice(1)

function useAnnounced({ available, name }: Balance): void {
  const { announce } = usePortalContents()
  const told = useRef(available)
  useEffect(() => {
    if (told.current === available) return
    const timer = setTimeout(() => {
      told.current = available
      announce(`${name}: ${formatNumber(available)} available`)
    }, SETTLED_AFTER_MS)
    return () => clearTimeout(timer)
  }, [available, name, announce])
}

function Meter({ used, granted }: { used: string; granted: string }) {
  const share = Math.min(1, Math.max(0, Number(used) / Number(granted)))
  return (
    <div className="balance-meter-with-words">
      <svg className="balance-meter" viewBox="0 0 100 2" preserveAspectRatio="none" aria-hidden="true">
        <rect className="balance-meter-whole" width="100" height="2" />
        <rect className="balance-meter-used" width={share * 100} height="2" />
      </svg>
      <p className="quiet small">
        {formatNumber(used)} of {formatNumber(granted)} used
      </p>
    </div>
  )
}

/** What is not available although it is there, and what was used beyond it. */
function BalanceWords({ balance }: { balance: Balance }) {
  const { state } = useBillingState()
  const { held, frozen, debt, overage, uncovered, overageAllowed, creditType } = balance
  const limit = state?.spendLimit
  const currency = state?.subscriptions[0]?.rateCard.currency
  const charged = state?.subscriptions.some(
    ({ rateCard, status }) =>
      status === 'ACTIVE' &&
      rateCard.usageRates.some((rate) => rate.creditType === creditType && rate.overage === 'CHARGE'),
  )
  const words = [
    ...some(held, (count) => `${count} reserved for work that is running.`),
    ...some(frozen, (count) => `${count} on hold while a payment is disputed.`),
    ...some(
      debt,
      (count) => `${count} owed: they were refunded after they were used, and your next purchase settles them first.`,
    ),
    ...some(overage, (count) => `${count} used beyond what you had. They are on your next invoice.`),
    ...some(uncovered, (count) => `${count} used beyond what you had. You are not charged for them.`),
  ]
  if (charged && overageAllowed && amountOf(overage) === 0n) {
    words.push('When they run out you can go on: what you use beyond is on your next invoice.')
  }
  if (charged && limit && currency) {
    words.push(`Your limit for that is ${moneyOf(limit, currency)} a period.`)
  }
  if (words.length === 0) return null
  return (
    <ul className="balance-words quiet small">
      {words.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  )
}

const some = (amount: string, say: (count: string) => string) => (isZero(amount) ? [] : [say(formatNumber(amount))])
