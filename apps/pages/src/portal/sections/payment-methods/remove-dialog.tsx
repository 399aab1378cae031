import type { PaymentMethod } from '@florin/sdk'
import { nameOf } from '../../../payment-method-words.ts'
import { ActionButton } from '../../action-button.tsx'
import { FaultMessage } from '../../fault-message.tsx'
import { PortalDialog } from '../../portal-dialog.tsx'
import { useAction } from '../../use-action.ts'

type RemoveDialogProps = {
  method: PaymentMethod
  consequences: readonly string[]
  onRemove: () => Promise<void>
  onClose: () => void
}

/** Says what follows before it is done. */
export function RemoveDialog({ method, consequences, onRemove, onClose }: RemoveDialogProps) {
  const { busy, fault, run } = useAction()
  return (
    <PortalDialog open title={`Remove ${nameOf(method)}?`} description={consequences.join(' ')} onClose={onClose}>
      <FaultMessage fault={fault} />
      <div className="row">
        <ActionButton kind="bad" small busy={busy} onClick={() => void run(onRemove)}>
          Remove
        </ActionButton>
        <ActionButton kind="plain" small busy={false} onClick={onClose}>
          Keep it
        </ActionButton>
      </div>
    </PortalDialog>
  )
}
