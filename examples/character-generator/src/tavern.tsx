import { useEffect, useState } from 'react'
import { fetchHeroes, type Hero, type Origin, recruit } from './api.ts'
import { Paywall, Plans } from './billing.tsx'
import { HeroCard } from './hero-card.tsx'

const ORIGINS: readonly (readonly [Origin, string])[] = [
  ['coast', 'The coast'],
  ['forest', 'The forest'],
  ['mountains', 'The mountains'],
  ['city', 'The city'],
]
const SIZES = [1, 2, 3]

/** The product: who is wanted, and who came. Of money it knows one thing: that a call can be refused. */
export function Tavern() {
  const [origin, setOrigin] = useState<Origin>('coast')
  const [size, setSize] = useState(3)
  const [heroes, setHeroes] = useState<readonly Hero[]>([])
  const [calling, setCalling] = useState(false)
  const [refused, setRefused] = useState<number | null>(null)
  const [news, setNews] = useState('')
  useEffect(() => {
    fetchHeroes().then(setHeroes, (error: Error) => setNews(error.message))
  }, [])

  const call = async () => {
    setCalling(true)
    setNews('')
    try {
      const party = await recruit(size, origin)
      if (!party) return setRefused(size)
      setHeroes((others) => [...party, ...others])
      setNews(`${party.map(({ name }) => name).join(', ')} joined you.`)
    } catch (error) {
      setNews((error as Error).message)
    } finally {
      setCalling(false)
    }
  }
  return (
    <main>
      <section className="call" aria-label="Call for heroes">
        <Choice title="Where from" name="origin" options={ORIGINS} value={origin} onChange={setOrigin} />
        <Choice title="How many" name="size" options={SIZES.map((one) => [one, one])} value={size} onChange={setSize} />
        <button type="button" className="button" disabled={calling} onClick={call}>
          Call for {size === 1 ? 'a hero' : `${size} heroes`}
        </button>
      </section>
      <p className="news" role="status">
        {news}
      </p>
      <section aria-labelledby="party">
        <h2 id="party">Your party</h2>
        {heroes.length === 0 && <p className="empty">Nobody yet. A hero costs one credit.</p>}
        <ul className="party">
          {heroes.map((hero) => (
            <HeroCard key={hero.id} hero={hero} />
          ))}
        </ul>
      </section>
      <section aria-labelledby="plans">
        <h2 id="plans">Plans</h2>
        <Plans />
      </section>
      <Paywall heroes={refused} onClose={() => setRefused(null)} />
    </main>
  )
}

interface ChoiceProps<T> {
  readonly title: string
  readonly name: string
  readonly options: readonly (readonly [T, string | number])[]
  readonly value: T
  readonly onChange: (value: T) => void
}

function Choice<T extends string | number>({ title, name, options, value, onChange }: ChoiceProps<T>) {
  return (
    <fieldset>
      <legend>{title}</legend>
      {options.map(([option, label]) => (
        <label key={option}>
          <input type="radio" name={name} checked={option === value} onChange={() => onChange(option)} />
          {label}
        </label>
      ))}
    </fieldset>
  )
}
