import { type FormEvent, useState } from 'react'
import { signUp, type User } from './api.ts'
import { Mask } from './mask.tsx'

const FACES = ['Ottoline Quill', 'Bram Marchbanks', 'Thisbe Larkspur', 'Juno Sallow', 'Corvin Tarn', 'Perpetua Moth']

export function SignUp({ onSignedUp }: { onSignedUp: (user: User) => void }) {
  return (
    <main className="welcome">
      <section className="welcome-pitch">
        <p className="wordmark">Persona</p>
        <h1>The characters your story is missing.</h1>
        <p className="welcome-lead">
          Say who you need in a few words. Persona writes back a name, a face, a past, and the one thing they would
          never tell you.
        </p>
        <div className="welcome-faces" aria-hidden="true">
          {FACES.map((name) => (
            <Mask key={name} name={name} />
          ))}
        </div>
      </section>
      <SignUpForm onSignedUp={onSignedUp} />
    </main>
  )
}

function SignUpForm({ onSignedUp }: { onSignedUp: (user: User) => void }) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const name = String(new FormData(event.currentTarget).get('name') ?? '')
    setBusy(true)
    setProblem(null)
    try {
      onSignedUp((await signUp(name)).user)
    } catch (error) {
      setProblem((error as Error).message)
      setBusy(false)
    }
  }

  return (
    <form className="card sign-up" onSubmit={submit}>
      <h2>Sign up</h2>
      <label className="field">
        <span>Your name</span>
        <input name="name" autoComplete="name" required maxLength={80} />
      </label>
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <button type="submit" className="button button-primary" disabled={busy} aria-busy={busy}>
        Start for free
      </button>
      <p className="fine">5 credits a month, no card. Been here before? The same name brings you back.</p>
    </form>
  )
}
