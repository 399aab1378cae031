import { useLayoutEffect } from 'react'
import type { Brand } from './brand.ts'

type Colors = Pick<Brand, 'color' | 'onColor' | 'colorOnLight' | 'colorOnDark'>

/** Gives the page the brand's colours as the server moved them, before the eye sees it without. */
export function useBrandColors(brand: Colors | undefined): void {
  const { color, onColor, colorOnLight, colorOnDark } = brand ?? {}
  useLayoutEffect(() => {
    if (!color || !onColor || !colorOnLight || !colorOnDark) return
    const properties = {
      '--brand': color,
      '--on-brand': onColor,
      // Away from what is written on it, so that a button reads no worse under the pointer.
      '--off-brand': onColor === '#ffffff' ? '#000000' : '#ffffff',
      '--brand-on-light': colorOnLight,
      '--brand-on-dark': colorOnDark,
    }
    // By script, property for property: the content security policy allows no style in the page's text.
    const { style } = document.documentElement
    for (const [name, value] of Object.entries(properties)) style.setProperty(name, value)
    return () => {
      for (const name of Object.keys(properties)) style.removeProperty(name)
    }
  }, [color, onColor, colorOnLight, colorOnDark])
}
