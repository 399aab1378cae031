import { Dialog } from 'radix-ui'
import type { ReactNode } from 'react'

type PortalDialogProps = {
  open: boolean
  title: string
  description?: string | undefined
  onClose: () => void
  children: ReactNode
}

/**
 * A question on top of a section. The library's overlay is left out: it adds a style element, which the page's content
 * security policy refuses. The sheet below keeps the page from scrolling instead.
 */
export function PortalDialog({ open, title, description, onClose, children }: PortalDialogProps) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <div className="dialog-layer">
          <Dialog.Content className="card dialog" {...(!description && { 'aria-describedby': undefined })}>
            <Dialog.Title className="dialog-title">{title}</Dialog.Title>
            {description && <Dialog.Description className="dialog-text">{description}</Dialog.Description>}
            {children}
            <Dialog.Close className="dialog-close" aria-label="Close">
              <svg viewBox="0 0 20 20" aria-hidden="true" className="icon">
                <path d="m5 5 10 10M15 5 5 15" />
              </svg>
            </Dialog.Close>
          </Dialog.Content>
        </div>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
