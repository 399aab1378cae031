import type { ReactNode } from 'react'

/** Sends the form it stands in: by a click or the Enter key. It stays focusable while the form is on its way. */
export function SubmitButton({ busy, children }: { busy: boolean; children: ReactNode }) {
  return (
    <button type="submit" className="button button-small button-primary" aria-busy={busy}>
      {busy && <span className="spinner" aria-hidden="true" />}
      {children}
    </button>
  )
}
