import { useEffect, useRef, useState } from 'react'

const REST_MS = 1_500

/** Tells a screen reader the newest text once it has rested a while, and not the first: a running balance isn't read out. */
export function Announcement({ text }: { text: string | undefined }) {
  const known = useRef(text)
  const [told, setTold] = useState('')
  useEffect(() => {
    known.current ??= text
    if (text === undefined || text === known.current) return
    const timer = setTimeout(() => {
      known.current = text
      setTold(text)
    }, REST_MS)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <span className="florin-hidden" role="status">
      {told}
    </span>
  )
}
