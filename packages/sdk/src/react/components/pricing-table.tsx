import { useEffect, useId } from 'react'
import { type Texts, useTexts } from '../texts/texts-provider.tsx'
import type { PlanNews } from '../use-plan-change.ts'
import { type PricingTableOptions, type PricingTable as Table, usePricingTable } from '../use-pricing-table.ts'
import { BundleList } from './bundle-list.tsx'
import { ChangeDialog } from './change-dialog.tsx'
import { IntervalSwitch } from './interval-switch.tsx'
import { PendingChange } from './pending-change.tsx'
import { PlanCard } from './plan-card.tsx'
import { Problem, wordsOf } from './problem.tsx'
import { type ComponentProps, classes } from './props.ts'

export interface PricingTableProps extends ComponentProps, PricingTableOptions {
  /** Leaves out the packs of credits. */
  readonly bundles?: boolean | undefined
  /** Level of the plans' headings; 3 unless it is said. */
  readonly headingLevel?: 2 | 3 | 4 | undefined
  /** What choosing came to, such as to close a dialog around the table. */
  readonly onNews?: ((news: PlanNews) => void) | undefined
}

/** The public plans side by side, with the customer's own marked, and the way from one to another. */
export function PricingTable(props: PricingTableProps) {
  const { rateCards, bundles = true, headingLevel = 3, onNews, onSignIn, className, style, labels } = props
  const texts = useTexts(labels)
  const table = usePricingTable({ rateCards, onSignIn })
  useNews(table.news, onNews)
  return (
    <div className={classes('florin', 'florin-pricing', className)} style={style}>
      {table.subscriptions.map((subscription) => (
        <PendingChange
          key={subscription.id}
          subscription={subscription}
          busy={table.working === subscription.rateCard.code}
          onKeep={table.keep}
          texts={texts}
        />
      ))}
      {table.intervals.length > 1 && <IntervalSwitch table={table} texts={texts} />}
      <Plans table={table} texts={texts} headingLevel={headingLevel} />
      <p className="florin-news" role="status">
        {table.news && newsOf(table.news, texts)}
      </p>
      <p className="florin-failure" role="alert">
        {!table.change && wordsOf(table.error, texts)}
      </p>
      {bundles && table.bundles.length > 0 && <BundleList bundles={table.bundles} tax={table.tax} texts={texts} />}
      <ChangeDialog change={table.change} busy={table.working !== null} texts={texts} />
    </div>
  )
}

function Plans({ table, texts, headingLevel }: { table: Table; texts: Texts; headingLevel: 2 | 3 | 4 }) {
  const { pricing } = texts.labels
  const { plans, tax, catalogueError, reload, working, choose, subscriptions } = table
  const listId = useId()
  if (!plans && catalogueError) return <Problem text={pricing.failed} reload={reload} texts={texts} />
  if (!plans) return <Waiting text={pricing.loading} />
  if (plans.length === 0) return <p className="florin-quiet">{pricing.empty}</p>
  return (
    <ul className="florin-plans" id={listId}>
      {plans.map((plan) => (
        <PlanCard
          key={plan.rateCard.code}
          plan={plan}
          tax={tax}
          subscription={subscriptions.find(({ rateCard }) => rateCard.code === plan.rateCard.code)}
          busy={working === plan.rateCard.code}
          headingLevel={headingLevel}
          onChoose={choose}
          texts={texts}
        />
      ))}
    </ul>
  )
}

/** As high as the plans will be, so that nothing jumps when they arrive. */
const Waiting = ({ text }: { text: string }) => (
  <div className="florin-plans" role="status">
    <span className="florin-hidden">{text}</span>
    {['one', 'two', 'three'].map((key) => (
      <div key={key} className="florin-plan florin-plan-waiting" aria-hidden="true" />
    ))}
  </div>
)

function newsOf({ kind, rateCard, at }: PlanNews, { labels: { pricing }, formats }: Texts): string {
  return kind === 'scheduled' ? pricing.scheduled(rateCard.name, formats.date(at ?? '')) : pricing[kind](rateCard.name)
}

function useNews(news: PlanNews | null, tell: PricingTableProps['onNews']) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: each news is told once, to whoever listens then
  useEffect(() => {
    if (news) tell?.(news)
  }, [news])
}
