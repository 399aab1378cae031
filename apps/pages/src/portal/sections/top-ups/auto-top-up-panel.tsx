import type { AutoTopUp, BillingState, Bundle, TopUpMonth } from '@florin/sdk'
import { useBillingApi } from '@florin/sdk/react'
import { Switch } from 'radix-ui'
import { useId, useState } from 'react'
import { ActionButton } from '../../action-button.tsx'
import { creditName } from '../../credit-names.ts'
import { FaultMessage } from '../../fault-message.tsx'
import { Panel } from '../../panel.tsx'
import { usePortalContents } from '../../portal-context.ts'
import { useAction } from '../../use-action.ts'
import { AutoTopUpForm } from './auto-top-up-form.tsx'
import { limitWords, standingOf, termsWords } from './top-up-words.ts'

type AutoTopUpPanelProps = {
  creditType: string
  /** What it may buy. */
  offers: readonly Bundle[]
  topUp: AutoTopUp | undefined
  month: TopUpMonth | undefined
  state: BillingState
  /** Whether there are several kinds of credits, so that each needs its name. */
  named: boolean
}

/** The switch of one kind of credits: what it does, how it stands, and its terms. */
export function AutoTopUpPanel({ creditType, offers, topUp, month, state, named }: AutoTopUpPanelProps) {
  const { announce } = usePortalContents()
  const [editing, setEditing] = useState(false)
  const on = topUp?.enabled ?? false
  const { busy, fault, switchOff } = useSwitchingOff(topUp)
  const title = named ? `Automatic top-up: ${creditName(state, creditType)}` : 'Automatic top-up'
  const toggle = (wanted: boolean) => {
    if (wanted) setEditing(true)
    else if (on) void switchOff()
    else setEditing(false)
  }
  return (
    <Panel title={title} aside={<TopUpSwitch title={title} checked={on || editing} busy={busy} onChange={toggle} />}>
      {!editing && <Standing topUp={topUp} month={month} state={state} />}
      <FaultMessage fault={fault} />
      {on && !editing && (
        <div className="row">
          <ActionButton kind="plain" small busy={false} onClick={() => setEditing(true)}>
            Change
          </ActionButton>
        </div>
      )}
      {editing && (
        <AutoTopUpForm
          creditType={creditType}
          offers={offers}
          topUp={topUp}
          state={state}
          onCancel={() => setEditing(false)}
          onSaved={() => {
            setEditing(false)
            announce(on ? 'Automatic top-up was changed.' : 'Automatic top-up is on.')
          }}
        />
      )}
    </Panel>
  )
}

function useSwitchingOff(topUp: AutoTopUp | undefined) {
  const api = useBillingApi()
  const { announce } = usePortalContents()
  const { busy, fault, run } = useAction()
  const switchOff = () =>
    run(async () => {
      if (!topUp) return
      const { creditType, threshold, bundle, maxPerMonth, maxSpendPerMonth } = topUp
      const terms = { creditType, threshold, bundle: bundle.code, maxPerMonth, maxSpendPerMonth }
      await api.setAutoTopUp({ ...terms, enabled: false })
      announce('Automatic top-up is off.')
    })
  return { busy, fault, switchOff }
}

type TopUpSwitchProps = { title: string; checked: boolean; busy: boolean; onChange: (checked: boolean) => void }

function TopUpSwitch({ title, checked, busy, onChange }: TopUpSwitchProps) {
  const id = useId()
  return (
    <span className="switch-place">
      <label className="quiet small" htmlFor={id}>
        {checked ? 'On' : 'Off'}
        <span className="visually-hidden">: {title}</span>
      </label>
      <Switch.Root className="switch" id={id} checked={checked} aria-busy={busy} onCheckedChange={onChange}>
        <Switch.Thumb className="switch-thumb" />
      </Switch.Root>
    </span>
  )
}

type StandingProps = { topUp: AutoTopUp | undefined; month: TopUpMonth | undefined; state: BillingState }

function Standing({ topUp, month, state }: StandingProps) {
  const { timezone } = usePortalContents().portal
  if (!topUp?.enabled) {
    return <p className="quiet">When your balance runs low, nothing is bought. Switch this on to never run out.</p>
  }
  const standing = standingOf(topUp, state, timezone)
  const limits = limitWords(topUp, month, timezone)
  return (
    <div className="standing">
      <p>{termsWords(topUp, state)}</p>
      {limits && <p className="quiet small">{limits}</p>}
      <div
        role="status"
        className={standing && `standing-now${standing.tone === 'good' ? '' : ` alert alert-${standing.tone}`}`}
      >
        {standing && (
          <>
            <span className={`badge badge-${standing.tone}`}>{standing.label}</span>
            <span className="alert-text">{standing.words}</span>
            {topUp.actionUrl && (
              <a className="button button-small button-primary" href={topUp.actionUrl}>
                Top up now
              </a>
            )}
          </>
        )}
      </div>
    </div>
  )
}
