import type { CSSProperties } from 'react'
import type { LabelParts } from '../texts/labels.ts'

/** What every component takes beside its own. */
export interface ComponentProps {
  readonly className?: string | undefined
  readonly style?: CSSProperties | undefined
  /** Replaces words of this component; `<TextsProvider>` replaces them for all. */
  readonly labels?: LabelParts | undefined
}

export const classes = (...names: (string | false | undefined)[]): string => names.filter(Boolean).join(' ')
