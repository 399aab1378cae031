import { type CSSProperties, type KeyboardEvent, type PointerEvent, useId, useState } from 'react'
import type { Texts } from '../texts/texts-provider.tsx'
import type { ChartBar, UsageChartView } from '../use-usage-chart.ts'

interface BarsProps extends Pick<UsageChartView, 'ticks'> {
  readonly bars: readonly ChartBar[]
  readonly texts: Texts
  readonly titleId: string
}

const percent = (share: number) => `${Math.round(share * 10_000) / 100}%`

/** Drawn in shares of its box, so it fits any width without measuring, also on the server. Time runs from left to right. */
export function Bars({ bars, ticks, texts, titleId }: BarsProps) {
  const hintId = useId()
  const { active, handlers } = useActiveBar(bars.length)
  const bar = active === null ? undefined : bars[active]
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form's
    <div
      role="group"
      className="florin-chart-plot"
      dir="ltr"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys read the bars
      tabIndex={0}
      aria-labelledby={titleId}
      aria-describedby={hintId}
      {...handlers}
    >
      <Axis ticks={ticks} texts={texts} />
      <svg className="florin-chart-bars" aria-hidden="true" focusable="false">
        {ticks.map(({ place }) => (
          <line
            key={place}
            x1="0"
            x2="100%"
            y1={percent(1 - place)}
            y2={percent(1 - place)}
            className="florin-chart-grid"
          />
        ))}
        {bars.map(({ bucket, start, width, height }, index) => (
          <rect
            key={bucket.start}
            className="florin-chart-bar"
            data-active={index === active || undefined}
            x={percent(start)}
            width={percent(width)}
            y={percent(1 - height)}
            height={percent(height)}
            rx="2"
          />
        ))}
      </svg>
      <Days bars={bars} texts={texts} />
      {bar && <Tip bar={bar} texts={texts} />}
      <span id={hintId} className="florin-hidden">
        {texts.labels.chart.instructions}
      </span>
      <span className="florin-hidden" role="status">
        {bar && tipOf(bar, texts)}
      </span>
    </div>
  )
}

/** Which bar is looked at: by arrow keys, by the pointer above it, by a tap. */
function useActiveBar(count: number) {
  const [active, setActive] = useState<number | null>(null)
  const onKeyDown = (event: KeyboardEvent) => {
    const last = count - 1
    const from = active ?? (event.key === 'ArrowRight' ? -1 : count)
    const targets: Record<string, number | null> = {
      ArrowLeft: Math.max(0, from - 1),
      ArrowRight: Math.min(last, from + 1),
      Home: 0,
      End: last,
      Escape: null,
    }
    const target = targets[event.key]
    if (target === undefined) return
    event.preventDefault()
    setActive(target)
  }
  const onPointer = ({ currentTarget, clientX }: PointerEvent) => {
    const plot = currentTarget.querySelector('.florin-chart-bars')?.getBoundingClientRect()
    if (!plot?.width) return
    const index = Math.floor(((clientX - plot.left) / plot.width) * count)
    setActive(index >= 0 && index < count ? index : null)
  }
  const hide = () => setActive(null)
  const onPointerLeave = ({ pointerType }: PointerEvent) => pointerType === 'mouse' && hide()
  return {
    active,
    handlers: { onKeyDown, onPointerMove: onPointer, onPointerDown: onPointer, onPointerLeave, onBlur: hide },
  }
}

const Axis = ({ ticks, texts: { formats } }: Pick<BarsProps, 'ticks' | 'texts'>) => (
  <div className="florin-chart-axis" aria-hidden="true">
    <svg className="florin-chart-axis-labels" aria-hidden="true" focusable="false">
      {ticks.map(({ value, place }) => (
        <text key={place} x="100%" y={percent(1 - place)} dy="0.32em" textAnchor="end">
          {formats.number(String(value))}
        </text>
      ))}
    </svg>
    <span className="florin-chart-axis-width">{formats.number(String(ticks.at(-1)?.value ?? 0))}</span>
  </div>
)

const MOST_DAYS = 7

/** The name below the last of many narrow bars ends with it: it has no room beyond. */
const below = (middle: number, last: boolean) =>
  last ? { x: '100%', textAnchor: 'end' as const } : { x: percent(middle), textAnchor: 'middle' as const }

/** As many names of days as have room; narrow boxes hide every other one. */
function Days({ bars, texts }: Pick<BarsProps, 'bars' | 'texts'>) {
  const every = Math.ceil(bars.length / MOST_DAYS)
  return (
    <svg className="florin-chart-days" aria-hidden="true" focusable="false">
      {bars.map(({ bucket, start, width }, index) => {
        const fromEnd = bars.length - 1 - index
        if (fromEnd % every !== 0) return null
        return (
          <text
            key={bucket.start}
            className={(fromEnd / every) % 2 === 1 ? 'florin-chart-day-minor' : undefined}
            {...below(start + width / 2, fromEnd === 0 && bars.length > MOST_DAYS)}
            y="1.1em"
          >
            {texts.formats.bucket(bucket, 'short')}
          </text>
        )
      })}
    </svg>
  )
}

/** What the bar stands for, and what it cost where that is another number. */
function detailsOf({ bucket, amount }: ChartBar, { labels, formats }: Texts) {
  const credits =
    bucket.credits === amount ? [] : [`${formats.number(bucket.credits)} ${labels.chart.credits.toLowerCase()}`]
  return { day: formats.bucket(bucket, 'long'), number: formats.number(amount), credits }
}

function tipOf(bar: ChartBar, texts: Texts): string {
  const { day, number, credits } = detailsOf(bar, texts)
  return `${day}: ${[number, ...credits].join(', ')}`
}

/** Never rendered on a server: it is there once somebody points. Its place is set by script, which no policy forbids. */
function Tip({ bar, texts }: { bar: ChartBar; texts: Texts }) {
  const { day, number, credits } = detailsOf(bar, texts)
  const place = { '--florin-at': percent(bar.start + bar.width / 2) } as CSSProperties
  return (
    <div className="florin-chart-tip-rail" aria-hidden="true">
      <div className="florin-chart-tip" style={place}>
        <span className="florin-chart-tip-day">{day}</span>
        <strong>{number}</strong>
        {credits.map((text) => (
          <span key={text} className="florin-chart-tip-day">
            {text}
          </span>
        ))}
      </div>
    </div>
  )
}
