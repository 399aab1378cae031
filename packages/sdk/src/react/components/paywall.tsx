import { type ReactElement, type ReactNode, useId } from 'react'
import { useTexts } from '../texts/texts-provider.tsx'
import type { PaywallOptions } from '../use-paywall.ts'
import { type PaywallOffers, usePaywallOffers } from '../use-paywall-offers.ts'
import { failureOf, PaywallPanel, titleOf } from './paywall-panel.tsx'
import { Problem } from './problem.tsx'
import { type ComponentProps, classes } from './props.ts'

export interface PaywallProps extends ComponentProps, PaywallOptions {
  readonly meter: string
  /** What is behind the paywall. */
  readonly children?: ReactNode
  /** In place of the panel: anything, or a function of what the paywall knows. */
  readonly fallback?: ReactNode | ((paywall: PaywallOffers) => ReactNode)
  /** While it is not known yet; a quiet placeholder unless it is said. */
  readonly loading?: ReactNode
}

/** Shows its children while the usage is allowed; else what is missing and the checkout of what would help. */
export function Paywall({
  meter,
  quantity,
  properties,
  children,
  fallback,
  loading,
  ...props
}: PaywallProps): ReactElement {
  const texts = useTexts(props.labels)
  const titleId = useId()
  const paywall = usePaywallOffers(meter, {
    ...(quantity !== undefined && { quantity }),
    ...(properties && { properties }),
  })
  if (paywall.allowed) return <>{children}</>
  if (paywall.loading) return <>{loading ?? <Placeholder {...props} text={texts.labels.paywall.loading} />}</>
  if (fallback !== undefined) return <>{typeof fallback === 'function' ? fallback(paywall) : fallback}</>
  return (
    <section
      className={classes('florin', 'florin-card', 'florin-paywall', props.className)}
      style={props.style}
      aria-labelledby={titleId}
      data-reason={paywall.reason}
    >
      {paywall.decision === null ? (
        <Problem text={failureOf(paywall, texts)} texts={texts} />
      ) : (
        <>
          <h2 id={titleId} className="florin-title">
            {titleOf(paywall, texts)}
          </h2>
          <PaywallPanel
            meter={meter}
            paywall={paywall}
            texts={texts}
            onChoose={(remedy) => void paywall.choose(remedy)}
          />
        </>
      )}
    </section>
  )
}

const Placeholder = ({ text, className, style }: ComponentProps & { text: string }) => (
  <div className={classes('florin', 'florin-card', 'florin-paywall', className)} style={style} aria-busy="true">
    <p className="florin-quiet">{text}</p>
  </div>
)
