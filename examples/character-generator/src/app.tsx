import { type FormEvent, useEffect, useState } from 'react'
import { fetchMe, type Me, signIn, signOut } from './api.ts'
import { Account, Billing } from './billing.tsx'
import { Tavern } from './tavern.tsx'

export function App() {
  const [me, setMe] = useState<Me | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  useEffect(() => {
    fetchMe().then(setMe, (error: Error) => setFailure(error.message))
  }, [])
  if (!me) return <p className="notice">{failure ?? 'Opening the tavern…'}</p>
  if (!me.user) return <SignIn onSignedIn={setMe} />
  return (
    <Billing key={me.user.id} florinUrl={me.florinUrl}>
      <header className="bar">
        <h1>Tavern</h1>
        <Account />
        <span className="who">{me.user.name}</span>
        <button type="button" className="link" onClick={() => signOut().then(() => setMe({ ...me, user: null }))}>
          Sign out
        </button>
      </header>
      <Tavern />
    </Billing>
  )
}

function SignIn({ onSignedIn }: { onSignedIn: (me: Me) => void }) {
  const [name, setName] = useState('')
  const [working, setWorking] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setWorking(true)
    signIn(name).then(onSignedIn, (error: Error) => {
      setWorking(false)
      setFailure(error.message)
    })
  }
  return (
    <main className="door">
      <img src="/favicon.svg" alt="" width="72" height="72" />
      <h1>Tavern</h1>
      <p>Heroes for your next game. The first five of every month are on the house.</p>
      <form onSubmit={submit}>
        <label htmlFor="name">Your name</label>
        <input
          id="name"
          autoComplete="name"
          required
          maxLength={60}
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
        <button type="submit" className="button" disabled={working}>
          Come in
        </button>
        {failure && <p role="alert">{failure}</p>}
      </form>
    </main>
  )
}
