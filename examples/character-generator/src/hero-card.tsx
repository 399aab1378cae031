import type { Hero } from './api.ts'

export function HeroCard({ hero: { name, calling, story, strengths, portrait } }: { hero: Hero }) {
  return (
    <li className="hero">
      <img src={`data:image/svg+xml,${encodeURIComponent(portrait)}`} alt="" width="120" height="120" />
      <div>
        <p className="calling">{calling}</p>
        <h3>{name}</h3>
        <p className="story">{story}</p>
        <dl>
          {strengths.map((strength) => (
            <div key={strength.name}>
              <dt>{strength.name}</dt>
              <dd>{strength.value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </li>
  )
}
