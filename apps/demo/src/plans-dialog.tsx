import type { RateCard } from '@florin/sdk'
import { Dialog } from 'radix-ui'
import type { CharacterSize } from './api.ts'
import { useCredits } from './billing.tsx'
import { allowanceOf, overagePriceOf, priceOf } from './plan-words.ts'

type PlansDialogProps = {
  shown: 'paywall' | 'plans' | null
  size: CharacterSize
  onClose: () => void
  onNews: (news: string | null) => void
}

/** What would help, with prices: after a refusal, or because somebody asked. */
export function PlansDialog({ shown, size, onClose, onNews }: PlansDialogProps) {
  const { credits, offers, openCheckout } = useCredits(size)

  async function choose(plan: RateCard): Promise<void> {
    // The checkout opens over the page: two dialogs would fight for the focus.
    onClose()
    try {
      const { outcome } = await openCheckout({ rateCard: plan.code })
      if (outcome === 'completed') onNews(`You’re on ${plan.name}. Your new credits are here.`)
    } catch (error) {
      onNews(`The checkout could not be opened: ${(error as Error).message}`)
    }
  }
  return (
    <Dialog.Root open={shown !== null} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="dialog-backdrop" />
        <Dialog.Content className="card dialog">
          <Dialog.Title className="dialog-title">{shown === 'paywall' ? 'Out of credits' : 'Plans'}</Dialog.Title>
          <Dialog.Description className="dialog-text">
            {shown === 'paywall'
              ? `This character costs ${size} ${size === 1 ? 'credit' : 'credits'} and you have ${credits?.available ?? 0}. Pick a plan to go on; what you have used stays used.`
              : 'Change whenever you like. You pay the difference, and get the difference in credits at once.'}
          </Dialog.Description>
          <ul className="offers">
            {offers.map((plan) => (
              <Offer key={plan.code} plan={plan} onChoose={choose} />
            ))}
          </ul>
          <Dialog.Close className="dialog-close" aria-label="Close">
            ×
          </Dialog.Close>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Offer({ plan, onChoose }: { plan: RateCard; onChoose: (plan: RateCard) => Promise<void> }) {
  const overage = overagePriceOf(plan)
  return (
    <li className="offer">
      <h3 className="offer-name">{plan.name}</h3>
      <p className="offer-price">{priceOf(plan)}</p>
      <p className="offer-credits">
        {allowanceOf(plan)} a {plan.interval.toLowerCase()}
        {overage && `, then ${overage} each`}
      </p>
      <button type="button" className="button button-primary" onClick={() => onChoose(plan)}>
        Upgrade to {plan.name}
      </button>
    </li>
  )
}
