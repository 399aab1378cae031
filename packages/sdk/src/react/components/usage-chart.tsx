import { useId } from 'react'
import { type Texts, useTexts } from '../texts/texts-provider.tsx'
import { type UsageChartOptions, type UsageChartView, useUsageChart } from '../use-usage-chart.ts'
import { Bars } from './chart-bars.tsx'
import { Problem } from './problem.tsx'
import { type ComponentProps, classes } from './props.ts'

export interface UsageChartProps extends ComponentProps, UsageChartOptions {
  /** In place of the meter's code in words. */
  readonly title?: string | undefined
}

/** A meter's usage by day (hour, month), live: bars for eyes, a table for screen readers. */
export function UsageChart({ title, className, style, labels, ...options }: UsageChartProps) {
  const texts = useTexts(labels)
  const view = useUsageChart(options)
  const titleId = useId()
  const { chart, meter } = texts.labels
  return (
    <figure className={classes('florin', 'florin-chart', className)} style={style} aria-labelledby={titleId}>
      <figcaption className="florin-chart-head">
        <span id={titleId} className="florin-chart-title">
          {title ?? chart.title(meter(options.meter))}
        </span>
        <span className="florin-chart-total">{view.bars && chart.total(texts.formats.number(view.total))}</span>
      </figcaption>
      <Body view={view} texts={texts} titleId={titleId} />
    </figure>
  )
}

interface BodyProps {
  readonly view: UsageChartView
  readonly texts: Texts
  readonly titleId: string
}

/** As high in every state, so that nothing jumps. */
function Body({ view, texts, titleId }: BodyProps) {
  const { chart, signIn } = texts.labels
  const { bars, ticks, empty, error, loading, reload } = view
  if (bars && !empty) {
    return (
      <>
        <Bars bars={bars} ticks={ticks} texts={texts} titleId={titleId} />
        <Table view={view} texts={texts} titleId={titleId} />
      </>
    )
  }
  return (
    <div className="florin-chart-stand-in" aria-busy={loading || undefined}>
      {error && !bars && (
        <Problem
          text={error.code === 'SIGNED_OUT' ? signIn : chart.failed}
          reload={error.code === 'SIGNED_OUT' ? undefined : reload}
          texts={texts}
        />
      )}
      {loading && <p className="florin-quiet">{chart.loading}</p>}
      {empty && <p className="florin-quiet">{chart.empty}</p>}
    </div>
  )
}

function Table({ view: { bars = [] }, texts: { labels, formats }, titleId }: BodyProps) {
  const { chart } = labels
  return (
    <div className="florin-hidden">
      <table aria-labelledby={titleId}>
        <thead>
          <tr>
            <th scope="col">{chart.period}</th>
            <th scope="col">{chart.quantity}</th>
            <th scope="col">{chart.credits}</th>
          </tr>
        </thead>
        <tbody>
          {bars.map(({ bucket }) => (
            <tr key={bucket.start}>
              <th scope="row">{formats.bucket(bucket, 'long')}</th>
              <td>{formats.number(bucket.quantity)}</td>
              <td>{formats.number(bucket.credits)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
