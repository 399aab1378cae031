/** A face for a name: the same name always wears the same one. */
export function Mask({ name }: { name: string }) {
  const trait = traitsOf(name)
  const hue = trait(360)
  const lid = 8 + trait(5)
  const smile = trait(13) - 5
  const brow = trait(7) - 3
  return (
    <svg className="mask" viewBox="0 0 64 64" aria-hidden="true" style={{ '--hue': hue } as React.CSSProperties}>
      <path
        className="mask-face"
        d={`M10 9c${14 + trait(4)} 5 ${28 - trait(4)} 5 44 0v22c0 15-9 24-22 28C19 55 10 46 10 31z`}
      />
      <path className="mask-side" d="M32 12.500C40 12.500 47 11.500 54 9v22c0 15-9 24-22 28z" />
      <path className="mask-line" d={`M18 ${22 - brow}q5-4 10-1M36 ${21 + brow}q5-3 10 1`} />
      <path className="mask-eye" d={`M18 29q5-${lid} 10 0q-5 4-10 0M36 29q5-${lid} 10 0q-5 4-10 0`} />
      <path className="mask-line" d={`M24 44q8 ${smile} 16 0`} />
    </svg>
  )
}

/** Small numbers from a name, a new one each time (FNV-1a, mixed once more for each trait). */
function traitsOf(name: string): (below: number) => number {
  let hash = 0x811c9dc5
  for (const letter of name) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193)
  return (below) => {
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
    return (hash >>> 8) % below
  }
}
