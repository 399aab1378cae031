import type { ReactNode } from 'react'

type ActionButtonProps = {
  kind: 'primary' | 'plain' | 'bad'
  small?: boolean
  busy: boolean
  disabled?: boolean
  onClick: () => void
  children: ReactNode
}

/** A button that shows that what it does is being done. It stays focusable meanwhile, so that the focus isn't lost. */
export function ActionButton({ kind, small = false, busy, disabled = false, onClick, children }: ActionButtonProps) {
  return (
    <button
      type="button"
      className={`button button-${kind}${small ? ' button-small' : ''}`}
      disabled={disabled}
      aria-busy={busy}
      onClick={onClick}
    >
      {busy && <span className="spinner" aria-hidden="true" />}
      {children}
    </button>
  )
}
