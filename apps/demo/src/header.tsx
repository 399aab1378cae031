import type { User } from './api.ts'
import { BalanceChip } from './balance-chip.tsx'
import { useCredits } from './billing.tsx'

type HeaderProps = { user: User; onSignOut: () => void; onPlans: () => void }

export function Header({ user, onSignOut, onPlans }: HeaderProps) {
  const { plan, offers } = useCredits()
  return (
    <header className="header">
      <h1 className="wordmark">Persona</h1>
      <div className="header-billing">
        <BalanceChip />
        {plan && <span className="plan-badge">{plan.name}</span>}
        {offers.length > 0 && (
          <button type="button" className="link" onClick={onPlans}>
            Plans
          </button>
        )}
      </div>
      <div className="header-user">
        <span className="header-name">{user.name}</span>
        <button type="button" className="link link-quiet" onClick={onSignOut}>
          Sign out
        </button>
      </div>
    </header>
  )
}
