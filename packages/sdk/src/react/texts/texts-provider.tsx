import { createContext, type ReactNode, useContext, useMemo, useSyncExternalStore } from 'react'
import { english } from './english.ts'
import { createFormats, type Formats } from './formats.ts'
import { type LabelParts, type Labels, mergeLabels } from './labels.ts'

export interface TextsProviderProps {
  /** Replaces words; those that are left out stay English. */
  readonly labels?: LabelParts
  /** The page's (`<html lang>`, else the browser's) unless it is said. Say it where pages are rendered on a server. */
  readonly locale?: string
  /** The browser's unless it is said. */
  readonly timeZone?: string
  readonly children?: ReactNode
}

interface Given {
  readonly labels: Labels
  readonly locale: string | undefined
  readonly timeZone: string | undefined
}

const TextsContext = createContext<Given>({ labels: english, locale: undefined, timeZone: undefined })

/** Words, language and time zone of the components below. */
export function TextsProvider({ labels, locale, timeZone, children }: TextsProviderProps) {
  const above = useContext(TextsContext)
  const given = useMemo(
    () => ({
      labels: mergeLabels(above.labels, labels),
      locale: locale ?? above.locale,
      timeZone: timeZone ?? above.timeZone,
    }),
    [above, labels, locale, timeZone],
  )
  return <TextsContext.Provider value={given}>{children}</TextsContext.Provider>
}

export interface Texts {
  readonly labels: Labels
  readonly formats: Formats
}

/** The words and formats in force, with those of one component before them. */
export function useTexts(parts?: LabelParts): Texts {
  const given = useContext(TextsContext)
  const locale = useFromPage(pageLocale, 'en')
  const timeZone = useFromPage(pageTimeZone, 'UTC')
  return useMemo(
    () => ({
      labels: mergeLabels(given.labels, parts),
      formats: createFormats(given.locale ?? locale, given.timeZone ?? timeZone),
    }),
    [given, parts, locale, timeZone],
  )
}

/** Numbers, money and dates as the components write them. */
export const useFormats = (): Formats => useTexts().formats

/** The server can't know it, so the first render of a page that came from there is as the server's was. */
const useFromPage = (read: () => string, onServer: string) => useSyncExternalStore(never, read, () => onServer)
const never = () => () => {}

const pageTimeZone = () => new Intl.DateTimeFormat().resolvedOptions().timeZone

function pageLocale(): string {
  const { lang } = document.documentElement
  return isLocale(lang) ? lang : isLocale(navigator.language) ? navigator.language : 'en'
}

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0
  } catch {
    return false
  }
}
