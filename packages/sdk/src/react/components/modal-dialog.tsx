import { type ReactNode, useEffect, useId, useRef } from 'react'
import type { Texts } from '../texts/texts-provider.tsx'
import { classes } from './props.ts'

interface ModalDialogProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  readonly className?: string | undefined
  readonly texts: Texts
  readonly children: ReactNode
}

/** The browser's own modal dialog: it keeps the focus, closes with Escape, and gives the focus back. */
export function ModalDialog({ open, onClose, title, className, texts, children }: ModalDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const element = dialog.current
    if (!open || !element || element.open) return
    if (element.showModal) element.showModal()
    else element.setAttribute('open', '')
    return () => (element.close ? element.close() : element.removeAttribute('open'))
  }, [open])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the dialog; the key for it is Escape
    <dialog
      ref={dialog}
      className={classes('florin', 'florin-dialog', className)}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      {open && (
        <div className="florin-dialog-content">
          <h2 id={titleId} className="florin-dialog-title" tabIndex={-1}>
            {title}
          </h2>
          {children}
          <button type="button" className="florin-dialog-close" aria-label={texts.labels.close} onClick={onClose}>
            <span aria-hidden="true">×</span>
          </button>
        </div>
      )}
    </dialog>
  )
}
