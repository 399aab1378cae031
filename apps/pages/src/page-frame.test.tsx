// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { fullBrand, plainBrand } from './brand/brand.samples.ts'
import type { Brand } from './brand/brand.ts'
import { PageFrame } from './page-frame.tsx'

afterEach(cleanup)

const show = (brand: Brand | undefined) =>
  render(
    <PageFrame compact={false} brand={brand} testMode={false}>
      content
    </PageFrame>,
  )
const property = (name: string) => document.documentElement.style.getPropertyValue(name)
const logo = () => document.querySelector('.merchant-logo')
const load = (width: number, height: number) => {
  const image = logo() as HTMLImageElement
  Object.defineProperties(image, { naturalWidth: { value: width }, naturalHeight: { value: height } })
  fireEvent.load(image)
}

test('a brand without a logo has its initial, and no links', () => {
  show({ ...plainBrand, name: '«Éclair»' })
  expect(screen.getByText('É').getAttribute('aria-hidden')).toBe('true')
  expect(screen.getByText('«Éclair»').className).toBe('merchant-name')
  expect(screen.queryByRole('link')).toBeNull()
})

test("a logo comes from the page's own origin, and the name stays for those who don't see it", () => {
  show(fullBrand)
  expect(logo()?.getAttribute('src')).toMatch(/^\/brand\/.*\.png$/)
  expect(logo()?.getAttribute('alt')).toBe('')
  load(400, 100)
  expect(screen.getByText('Persona').className).toBe('visually-hidden')
})

test('a sign has the name beside it', () => {
  show(fullBrand)
  load(100, 100)
  expect(screen.getByText('Persona').className).toBe('merchant-name')
})

test('a logo that does not load leaves the initial', () => {
  show(fullBrand)
  fireEvent.error(logo() as Element)
  expect(logo()).toBeNull()
  expect(screen.getByText('P')).toBeTruthy()
})

test('the links lead out without a word of where from', () => {
  show(fullBrand)
  const links = screen.getAllByRole('link').map((link) => [link.textContent, link.getAttribute('href')])
  expect(links).toEqual([
    ['Terms', 'https://persona.example/terms'],
    ['Privacy', 'https://persona.example/privacy'],
    ['Help', 'https://persona.example/help'],
    ['help@persona.example', 'mailto:help@persona.example'],
  ])
  for (const link of screen.getAllByRole('link')) expect(link.getAttribute('rel')).toBe('noreferrer')
})

test('the colour is set for light and dark, and is gone with the page', () => {
  const { unmount } = show(fullBrand)
  const colors = () => ['--brand', '--on-brand', '--off-brand', '--brand-on-light', '--brand-on-dark'].map(property)
  expect(colors()).toEqual(['#7c3aed', '#ffffff', '#000000', '#7c3aed', '#9b6aff'])
  unmount()
  expect(colors()).toEqual(['', '', '', '', ''])
})
