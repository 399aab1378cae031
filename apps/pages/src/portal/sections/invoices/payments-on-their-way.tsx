import type { Payment } from '@florin/sdk'
import { usePayments } from '@florin/sdk/react'
import { formatDay } from '../../../days.ts'
import { moneyOf } from '../../amounts.ts'
import { Panel } from '../../panel.tsx'

/** Money that is moving and is on no invoice yet, or not any more. Nothing where there is none. */
export function PaymentsOnTheirWay({ timezone }: { timezone: string }) {
  const { value: payments = [] } = usePayments({ first: 20 })
  const told = payments.flatMap((payment) => sentencesOf(payment).map((sentence) => ({ ...sentence, payment })))
  if (told.length === 0) return null
  return (
    <Panel title="Payments on their way">
      <ul className="moving">
        {told.map(({ key, text, at, payment }) => (
          <li key={`${payment.id} ${key}`} className="moving-item">
            <span>{text}</span>
            <span className="quiet small">{formatDay(at, timezone)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

type Sentence = { key: string; text: string; at: string }

export function sentencesOf({ status, amount, currency, purpose, createdAt, refunds, disputes }: Payment): Sentence[] {
  const money = moneyOf(amount, currency)
  const told: Sentence[] = []
  if ((status as string) === 'PROCESSING') {
    told.push({ key: 'way', at: createdAt, text: `${money} for ${purpose}: your bank takes a few days.` })
  }
  if (status === 'RETURNED') {
    told.push({ key: 'back', at: createdAt, text: `${money} for ${purpose} could not be used and went back to you.` })
  }
  for (const refund of refunds) {
    const back = moneyOf(refund.amount, refund.currency)
    if (refund.status === 'PENDING') {
      told.push({ key: refund.id, at: refund.createdAt, text: `A refund of ${back} for ${purpose} is on its way.` })
    }
  }
  for (const dispute of disputes) {
    if (dispute.status !== 'OPEN') continue
    const text = `${moneyOf(dispute.amount, dispute.currency)} for ${purpose} is disputed at your bank.`
    told.push({ key: dispute.id, at: dispute.createdAt, text })
  }
  return told
}
