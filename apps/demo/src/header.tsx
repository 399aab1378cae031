import { CreditBalance, useOpenPortal } from '@florin/sdk/react'
import type { User } from './api.ts'
import { usePlan } from './billing.tsx'

type HeaderProps = {
  user: User
  plansShown: boolean
  onPlans: () => void
  onFailure: (message: string) => void
  onSignOut: () => void
}

export function Header({ user, plansShown, onPlans, onFailure, onSignOut }: HeaderProps) {
  const plan = usePlan()
  const openPortal = useOpenPortal()
  const manage = () => openPortal().catch(({ message }: Error) => onFailure(message))
  return (
    <header className="header">
      <h1 className="wordmark">Persona</h1>
      <div className="header-billing">
        <CreditBalance variant="inline" className="balance" />
        {plan && <span className="plan-badge">{plan.name}</span>}
      </div>
      <div className="header-links">
        <button type="button" className="link" aria-expanded={plansShown} onClick={onPlans}>
          Plans
        </button>
        <button type="button" className="link" onClick={() => void manage()}>
          Billing
        </button>
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
