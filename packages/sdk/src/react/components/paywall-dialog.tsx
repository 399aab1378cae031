import { useEffect, useRef } from 'react'
import type { Remedy } from '../../client/types.ts'
import { useTexts } from '../texts/texts-provider.tsx'
import type { PaywallOptions } from '../use-paywall.ts'
import { type PaywallOffers, type Purchase, usePaywallOffers } from '../use-paywall-offers.ts'
import { ModalDialog } from './modal-dialog.tsx'
import { failureOf, PaywallPanel, titleOf } from './paywall-panel.tsx'
import { Problem } from './problem.tsx'
import type { ComponentProps } from './props.ts'

export interface PaywallDialogProps extends Omit<ComponentProps, 'style'>, PaywallOptions {
  readonly meter: string
  readonly open: boolean
  readonly onClose: () => void
  /** How the checkout of an offer ended. */
  readonly onPurchase?: ((purchase: Purchase) => void) | undefined
}

/** A paywall over the page, such as after a refusal of your backend. It makes room for the checkout that it opens. */
export function PaywallDialog({
  meter,
  quantity,
  properties,
  open,
  onClose,
  onPurchase,
  className,
  labels,
}: PaywallDialogProps) {
  const texts = useTexts(labels)
  const paywall = usePaywallOffers(meter, {
    ...(quantity !== undefined && { quantity }),
    ...(properties && { properties }),
  })
  useClosedWhenLifted(open, paywall, onClose)
  const choose = async (remedy: Remedy) => {
    onClose()
    const purchase = await paywall.choose(remedy)
    onPurchase?.(purchase)
  }
  return (
    <ModalDialog open={open} onClose={onClose} title={titleOf(paywall, texts)} className={className} texts={texts}>
      {paywall.decision === null ? (
        <Problem text={paywall.loading ? texts.labels.paywall.loading : failureOf(paywall, texts)} texts={texts} />
      ) : (
        <PaywallPanel meter={meter} paywall={paywall} texts={texts} onChoose={(remedy) => void choose(remedy)} />
      )}
    </ModalDialog>
  )
}

/** Credits that arrive while it is open, from another tab say, lift it. */
function useClosedWhenLifted(open: boolean, { allowed, decision }: PaywallOffers, onClose: () => void) {
  const refused = useRef(false)
  useEffect(() => {
    const lifted = open && allowed && refused.current
    refused.current = open && !allowed && decision !== null
    if (lifted) onClose()
  }, [open, allowed, decision, onClose])
}
