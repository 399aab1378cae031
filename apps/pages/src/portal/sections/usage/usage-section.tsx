import type { BillingState, Granularity } from '@florin/sdk'
import { useBillingApi, useBillingState } from '@florin/sdk/react'
import { useState } from 'react'
import { ActionButton } from '../../action-button.tsx'
import { FaultMessage } from '../../fault-message.tsx'
import { Field } from '../../field.tsx'
import { Panel } from '../../panel.tsx'
import { usePortalContents } from '../../portal-context.ts'
import { SectionHeading } from '../../section-heading.tsx'
import { SectionLoading } from '../../section-loading.tsx'
import { useAction } from '../../use-action.ts'
import { addDays } from './local-days.ts'
import { MeterPanel } from './meter-panel.tsx'
import { SpanPicker } from './span-picker.tsx'
import { csvOf, download } from './usage-csv.ts'
import { type ShownMeter, useMeters } from './use-meters.ts'
import { type Span, useSpan } from './use-span.ts'

/** What was used, by day and by meter. */
export function UsageSection() {
  const { state } = useBillingState()
  const { timezone } = usePortalContents().portal
  return (
    <>
      <SectionHeading title="Usage">Days and hours are those of {timezone.replaceAll('_', ' ')}.</SectionHeading>
      {state ? <Usage state={state} timezone={timezone} /> : <SectionLoading label="Loading your usage…" />}
    </>
  )
}

function Usage({ state, timezone }: { state: BillingState; timezone: string }) {
  // The period of the card that rates something; of several, the first.
  const rating = state.subscriptions.find(({ rateCard }) => rateCard.usageRates.length > 0)
  const span = useSpan(rating, timezone)
  const meters = useMeters(state, span.from, span.to)
  const [chosen, setChosen] = useState('')
  const [groupBy, setGroupBy] = useState('')
  const shown = meters.filter(({ meter }) => chosen === '' || meter === chosen)
  const groups = shown.length === 1 ? (shown[0]?.groupBy ?? []) : []
  const group = groups.includes(groupBy) ? groupBy : null
  return (
    <>
      <div className="usage-controls">
        <SpanPicker
          choices={span.choices}
          choice={span.choice}
          onChoose={span.choose}
          custom={span.custom}
          today={span.today}
          problems={span.problems}
          onCustom={span.setCustom}
        />
        <div className="usage-selects">
          {meters.length > 1 && (
            <Choice
              label="Show"
              value={shown.length === 1 ? chosen : ''}
              options={[['', 'Everything'], ...meters.map(({ meter, name }) => [meter, name] as const)]}
              onChange={setChosen}
            />
          )}
          {span.granularities.length > 1 && (
            <Choice
              label="By"
              value={span.granularity}
              options={span.granularities.map((each) => [each, GRANULARITIES[each]] as const)}
              onChange={(value) => span.setGranularity(value as Granularity)}
            />
          )}
          {groups.length > 0 && (
            <Choice
              label="Group by"
              value={group ?? ''}
              options={[['', 'Nothing'], ...groups.map((each) => [each, each] as const)]}
              onChange={setGroupBy}
            />
          )}
          <Download meters={shown} span={span} groupBy={group} />
        </div>
      </div>
      {meters.length === 0 && (
        <Panel title="Nothing to show yet">
          <p className="quiet">Your plan counts nothing so far. What you use appears here as it happens.</p>
        </Panel>
      )}
      {shown.map((meter) => (
        <MeterPanel key={meter.meter} meter={meter} span={span} groupBy={group} />
      ))}
    </>
  )
}

const GRANULARITIES: Readonly<Record<Granularity, string>> = { HOUR: 'Hours', DAY: 'Days', MONTH: 'Months' }

type ChoiceProps = {
  label: string
  value: string
  options: readonly (readonly [value: string, words: string])[]
  onChange: (value: string) => void
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <Field label={label}>
      {(control) => (
        <select className="input" {...control} value={value} onChange={({ target }) => onChange(target.value)}>
          {options.map(([each, words]) => (
            <option key={each} value={each}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

type DownloadProps = { meters: readonly ShownMeter[]; span: Span; groupBy: string | null }

/** What is on the screen, as a file that the browser writes itself. */
function Download({ meters, span, groupBy }: DownloadProps) {
  const api = useBillingApi()
  const { announce } = usePortalContents()
  const { busy, fault, run } = useAction()
  const { from, to, granularity, days } = span
  const save = () =>
    run(async () => {
      const usage = await Promise.all(
        meters.map(async ({ meter }) => ({
          meter,
          buckets: await api.usage({ meter, from, to, granularity, ...(groupBy && { groupBy }) }),
        })),
      )
      download(`usage-${days.from}-${addDays(days.until, -1)}.csv`, csvOf(usage, groupBy))
      announce('The file was downloaded.')
    })
  return (
    <div className="usage-download">
      <ActionButton kind="plain" small busy={busy} disabled={meters.length === 0} onClick={() => void save()}>
        Download CSV
      </ActionButton>
      <FaultMessage fault={fault} />
    </div>
  )
}
