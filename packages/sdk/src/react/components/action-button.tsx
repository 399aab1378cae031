import type { ReactNode } from 'react'

interface ActionButtonProps {
  readonly onClick: () => void
  readonly kind?: 'primary' | 'plain' | undefined
  /** It is being done: a second click does nothing, and the focus stays. */
  readonly busy?: boolean | undefined
  readonly disabled?: boolean | undefined
  readonly children: ReactNode
}

export const ActionButton = ({
  onClick,
  kind = 'primary',
  busy = false,
  disabled = false,
  children,
}: ActionButtonProps) => (
  <button
    type="button"
    className={`florin-button florin-button-${kind}`}
    aria-busy={busy || undefined}
    aria-disabled={busy || undefined}
    disabled={disabled}
    onClick={() => !busy && onClick()}
  >
    {children}
  </button>
)
