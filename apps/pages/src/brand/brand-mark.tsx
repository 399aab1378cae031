import { type SyntheticEvent, useState } from 'react'
import type { Brand } from './brand.ts'

/** From this width on, for its height, a logo is a word that says the name itself. */
const WORDMARK = 2

type Shape = 'loading' | 'sign' | 'wordmark' | 'broken'

/** Whose page it is: the logo, or the initial, and the name. */
export function BrandMark({ brand }: { brand: Pick<Brand, 'name' | 'logoUrl'> }) {
  const [shape, setShape] = useState<Shape>('loading')
  const { name, logoUrl } = brand
  const measure = ({ currentTarget: { naturalWidth, naturalHeight } }: SyntheticEvent<HTMLImageElement>) =>
    setShape(naturalWidth >= naturalHeight * WORDMARK ? 'wordmark' : 'sign')
  if (!logoUrl || shape === 'broken') {
    return (
      <p className="merchant">
        <span className="merchant-mark" aria-hidden="true">
          {initialOf(name)}
        </span>
        <span className="merchant-name">{name}</span>
      </p>
    )
  }
  return (
    <p className={`merchant merchant-${shape}`}>
      <img
        className={`merchant-logo ${logoUrl.endsWith('.png') ? 'merchant-logo-clear' : ''}`}
        src={pathOf(logoUrl)}
        alt=""
        onLoad={measure}
        onError={() => setShape('broken')}
      />
      <span className={shape === 'sign' ? 'merchant-name' : 'visually-hidden'}>{name}</span>
    </p>
  )
}

/** The first letter or digit, with what stands above it. */
function initialOf(name: string): string {
  return name.match(/\p{L}\p{M}*|\p{N}/u)?.[0] ?? name.charAt(0)
}

/** On this page's own origin, whatever name the server goes by: the content security policy allows no other. */
function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : url
}
