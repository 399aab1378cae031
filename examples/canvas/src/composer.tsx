import { type FormEvent, useState } from 'react'
import type { Node } from './api.ts'
import { useCost } from './billing.tsx'

type Kind = Node['kind']

interface ComposerProps {
  readonly working: boolean
  readonly news: string
  readonly onOrder: (kind: Kind, prompt: string) => void
  readonly onStop: () => void
}

export function Composer({ working, news, onOrder, onStop }: ComposerProps) {
  const [kind, setKind] = useState<Kind>('image')
  const [prompt, setPrompt] = useState('a harbour before the rain')
  const costs = { text: useCost('text'), image: useCost('image'), video: useCost('video') }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onOrder(kind, prompt)
  }
  return (
    <form className="composer" onSubmit={submit}>
      <fieldset>
        <legend className="unseen">What to make</legend>
        {KINDS.map(([one, title, each]) => (
          <label key={one}>
            <input type="radio" name="kind" checked={one === kind} onChange={() => setKind(one)} />
            <b>{title}</b> <span>{costs[one] ? `${costs[one]} ${each(costs[one])}` : '…'}</span>
          </label>
        ))}
      </fieldset>
      <div className="prompt">
        <label className="unseen" htmlFor="prompt">
          What it shows
        </label>
        <input id="prompt" required maxLength={120} value={prompt} onChange={({ target }) => setPrompt(target.value)} />
        {working && kind === 'video' ? (
          // The key: else this click would end on the button below, which submits.
          <button key="stop" type="button" className="button button-quiet" onClick={onStop}>
            Stop
          </button>
        ) : (
          <button key="make" type="submit" className="button" disabled={working}>
            Make
          </button>
        )}
      </div>
      <p className="news" role="status">
        {news}
      </p>
    </form>
  )
}

const credits = (cost: string) => (cost === '1' ? 'credit' : 'credits')
const KINDS: readonly (readonly [Kind, string, (cost: string) => string])[] = [
  ['text', 'Text', credits],
  ['image', 'Image', credits],
  ['video', 'Video', (cost) => `${credits(cost)} a second`],
]
