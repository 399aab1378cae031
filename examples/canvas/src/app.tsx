import { useEffect, useState } from 'react'
import { fetchMe, type Me, signOut } from './api.ts'
import { Account, Billing, Plans } from './billing.tsx'
import { Canvas } from './canvas.tsx'
import { SignIn } from './sign-in.tsx'

export function App() {
  const [me, setMe] = useState<Me | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [plansShown, setPlansShown] = useState(false)
  useEffect(() => {
    fetchMe().then(setMe, (error: Error) => setFailure(error.message))
  }, [])
  if (!me) return <p className="notice">{failure ?? 'Setting up the easel…'}</p>
  if (!me.user) return <SignIn onSignedIn={setMe} />
  return (
    <Billing key={me.user.id} florinUrl={me.florinUrl}>
      <header className="bar">
        <h1>Easel</h1>
        <Account />
        <button type="button" className="link" onClick={() => setPlansShown(!plansShown)}>
          {plansShown ? 'Canvas' : 'Plans'}
        </button>
        <span className="who">{me.user.name}</span>
        <button type="button" className="link" onClick={() => signOut().then(() => setMe({ ...me, user: null }))}>
          Sign out
        </button>
      </header>
      <main>
        {plansShown && (
          <section className="plans" aria-label="Plans and usage">
            <Plans />
          </section>
        )}
        <div className="desk" hidden={plansShown}>
          <Canvas />
        </div>
      </main>
    </Billing>
  )
}
