import { useEffect, useRef } from 'react'

export type News = { tone: 'good' | 'quiet' | 'bad'; sentence: string }

/** What has come of what somebody did. It takes the focus, because the button that they pressed may be gone. */
export function SectionNews({ news }: { news: News | null }) {
  const place = useRef<HTMLParagraphElement>(null)
  useEffect(() => {
    // After the dialog that closes has given the focus back.
    if (news) requestAnimationFrame(() => place.current?.focus())
  }, [news])
  if (!news) return null
  return (
    <p className={`alert alert-${news.tone} section-news`} ref={place} tabIndex={-1}>
      {news.sentence}
    </p>
  )
}
