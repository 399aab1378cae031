import { type FormEvent, useState } from 'react'
import { type Me, signIn } from './api.ts'

export function SignIn({ onSignedIn }: { onSignedIn: (me: Me) => void }) {
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
      <h1>Easel</h1>
      <p>Words, pictures and moving pictures on one canvas. 200 credits a month to play with.</p>
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
          Start
        </button>
        {failure && <p role="alert">{failure}</p>}
      </form>
    </main>
  )
}
