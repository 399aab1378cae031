import { useLayoutEffect } from 'react'
import type { Brand } from './brand.ts'
import { brandColors } from './brand-colors.ts'

/** What the server says where a project chose no colour. The style sheet has it, chosen by hand. */
const FLORIN_GREEN = '#0a6b4b'

/** Gives the page the brand's colours, before the eye sees it without. */
export function useBrandColors(brand: Pick<Brand, 'color'> | undefined): void {
  const color = brand?.color
  useLayoutEffect(() => {
    if (!color || color === FLORIN_GREEN) return
    const properties = propertiesOf(color)
    // By script, property for property: the content security policy allows no style in the page's text.
    const { style } = document.documentElement
    for (const [name, value] of properties) style.setProperty(name, value)
    return () => {
      for (const [name] of properties) style.removeProperty(name)
    }
  }, [color])
}

function propertiesOf(color: string): [name: string, value: string][] {
  const [light, dark] = [brandColors(color, 'light'), brandColors(color, 'dark')]
  const both = (name: keyof typeof light) => `light-dark(${light[name]}, ${dark[name]})`
  return [
    ['--accent', both('accent')],
    ['--on-accent', both('onAccent')],
    ['--accent-strong', both('accentStrong')],
    ['--accent-wash', both('accentWash')],
    ['--button', both('button')],
    ['--on-button', both('onButton')],
    ['--button-hover', both('buttonHover')],
    ['--button-edge', both('buttonEdge')],
    ['--mark', both('button')],
    ['--on-mark', both('onButton')],
  ]
}
