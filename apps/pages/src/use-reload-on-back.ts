import { useEffect } from 'react'

/** The browser's back button brings this page back as it was left, with its buttons off: read it afresh. */
export function useReloadOnBack(load: () => void): void {
  useEffect(() => {
    const onPageShow = (event: PageTransitionEvent) => event.persisted && load()
    addEventListener('pageshow', onPageShow)
    return () => removeEventListener('pageshow', onPageShow)
  }, [load])
}
