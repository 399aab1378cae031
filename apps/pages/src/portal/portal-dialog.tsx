import { Dialog } from 'radix-ui'
import { type ReactNode, useState } from 'react'

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
  // The library gives the focus back to a trigger of its own, of which there is none.
  const [opener] = useState(() => document.activeElement as HTMLElement | null)
  const giveFocusBack = (event: Event) => {
    event.preventDefault()
    // Unless somebody has it already, such as the news of what was done.
    if (document.activeElement === document.body && opener?.isConnected) opener.focus()
  }
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <div className="dialog-layer">
          <Dialog.Content
            className="card dialog"
            onCloseAutoFocus={giveFocusBack}
            {...(!description && { 'aria-describedby': undefined })}
          >
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
