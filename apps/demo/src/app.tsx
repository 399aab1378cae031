import { useEffect, useState } from 'react'
import { fetchMe, type Me, signOut } from './api.ts'
import { Billing } from './billing.tsx'
import { SignUp } from './sign-up.tsx'
import { Studio } from './studio.tsx'

type Opening = { name: 'opening' } | { name: 'unreachable' } | ({ name: 'open' } & Me)

export function App() {
  const [opening, setOpening] = useState<Opening>({ name: 'opening' })
  const open = () => {
    fetchMe().then(
      (me) => setOpening({ name: 'open', ...me }),
      () => setOpening({ name: 'unreachable' }),
    )
  }
  useEffect(open, [])

  if (opening.name === 'opening') return <p className="opening">Opening Persona…</p>
  if (opening.name === 'unreachable') {
    return (
      <main className="opening">
        <p>Persona can’t be reached.</p>
        <button type="button" className="button button-primary" onClick={open}>
          Try again
        </button>
      </main>
    )
  }
  const { user, florinUrl } = opening
  if (!user) return <SignUp onSignedUp={(signedUp) => setOpening({ ...opening, user: signedUp })} />
  return (
    <Billing key={user.id} florinUrl={florinUrl}>
      <Studio user={user} onSignOut={() => signOut().then(() => setOpening({ ...opening, user: null }))} />
    </Billing>
  )
}
