import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readImage } from '../src/platform/read-image.ts'
import { SET_BRAND } from './bad-brands.ts'
import { customerToken, dataOf, faultOf, upsertCustomer } from './calls.ts'
import { dataUrl, JPEG, png } from './logos.ts'
import { type Stack, startStack } from './stack.ts'

interface Brand {
  readonly name: string
  readonly logoUrl: string | null
  readonly color: string
  readonly onColor: string
  readonly colorOnLight: string
  readonly colorOnDark: string
  readonly termsUrl: string | null
  readonly privacyUrl: string | null
  readonly supportUrl: string | null
  readonly supportEmail: string | null
}

const BRAND = `{ brand { name logoUrl color onColor colorOnLight colorOnDark termsUrl privacyUrl supportUrl supportEmail } }`
const NOTHING = { logoUrl: null, termsUrl: null, privacyUrl: null, supportUrl: null, supportEmail: null }

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.close())

const GREEN = { color: '#0a6b4b', onColor: '#ffffff', colorOnLight: '#0a6b4b', colorOnDark: '#52d8a1' }

const setBrand = async (input: object) =>
  (await dataOf(stack.query<{ setBrand: Brand }>(SET_BRAND, { input }))).setBrand
const brand = async (authorization?: string) =>
  (await dataOf(stack.query<{ brand: Brand }>(BRAND, {}, authorization))).brand

describe('a brand', () => {
  it("is the project's name and Florin's colour until something is said", async () => {
    expect(await brand()).toEqual({ name: 'Tests', ...GREEN, ...NOTHING })
  })

  it('keeps what is left out, and removes what is null', async () => {
    await setBrand({ name: 'Persona', color: '#FFDD00', termsUrl: 'https://persona.example/terms' })
    const changed = await setBrand({ name: null, supportEmail: 'help@persona.example' })
    expect(changed).toEqual({
      ...NOTHING,
      name: 'Tests',
      color: '#ffdd00',
      onColor: '#000000',
      colorOnLight: '#836d00',
      colorOnDark: '#ffdd00',
      termsUrl: 'https://persona.example/terms',
      supportEmail: 'help@persona.example',
    })
    await setBrand({ color: null, termsUrl: null, supportEmail: null })
    expect(await brand()).toEqual({ name: 'Tests', ...GREEN, ...NOTHING })
  })

  it('may lead to localhost in a sandbox, and not in a live project', async () => {
    const input = { termsUrl: 'http://localhost:3000/terms' }
    expect(await setBrand(input)).toMatchObject(input)
    const { secretKey } = await stack.addProject('LIVE')
    expect(await faultOf(stack.query(SET_BRAND, { input }, `Bearer ${secretKey}`))).toBe('INVALID_INPUT termsUrl')
  })

  it("is read by a customer's browser, which can not change it", async () => {
    const token = await customerToken(stack, await upsertCustomer(stack, 'ada'))
    await setBrand({ name: 'Persona' })
    expect(await brand(token)).toMatchObject({ name: 'Persona' })
    expect(await faultOf(stack.query(SET_BRAND, { input: { name: 'Mine' } }, token))).toBe('FORBIDDEN')
  })

  it('loses nothing when two change different parts at once', async () => {
    await Promise.all([setBrand({ privacyUrl: 'https://a.example/' }), setBrand({ supportUrl: 'https://b.example/' })])
    expect(await brand()).toMatchObject({ privacyUrl: 'https://a.example/', supportUrl: 'https://b.example/' })
  })
})

describe('a logo', () => {
  it('is served as what it is, whatever its label says', async () => {
    const { logoUrl } = await setBrand({ logo: dataUrl(JPEG, 'image/png') })
    expect(logoUrl).toMatch(/\/brand\/[0-9a-f-]{36}\/logo-[0-9a-f]{32}\.jpg$/)
    const answer = await fetch(logoUrl as string)
    expect(Buffer.from(await answer.arrayBuffer()).equals(JPEG)).toBe(true)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    })
  })

  it('stays at its address when another one takes its place, and is gone after ten', async () => {
    const first = await setBrand({ logo: dataUrl(png({ width: 20 })) })
    const second = await setBrand({ logo: dataUrl(png({ width: 21 })) })
    expect(second.logoUrl).not.toBe(first.logoUrl)
    expect((await fetch(first.logoUrl as string)).status).toBe(200)
    for (let width = 22; width < 31; width++) await setBrand({ logo: dataUrl(png({ width })) })
    expect((await fetch(first.logoUrl as string)).status).toBe(404)
    expect((await fetch(second.logoUrl as string)).status).toBe(200)
  })

  it('is removed', async () => {
    await setBrand({ logo: dataUrl(png()) })
    expect(await setBrand({ logo: null })).toMatchObject({ logoUrl: null })
  })

  it('is at no address but its own', async () => {
    const { logoUrl } = await setBrand({ logo: dataUrl(png()) })
    const { project } = await stack.addProject('SANDBOX')
    const wrong = [
      (logoUrl as string).replace(/\.png$/, '.jpg'),
      (logoUrl as string).replace(stack.project.id, project.id),
      (logoUrl as string).replace(/logo-.{4}/, 'logo-0000'),
    ]
    for (const url of wrong) expect((await fetch(url)).status).toBe(404)
  })

  it('says why an SVG is none', async () => {
    const { errors } = await stack.query(SET_BRAND, { input: { logo: 'data:image/svg+xml,<svg/>' } })
    expect(errors[0]?.message).toBe(
      'logo can not be an SVG, which may hold scripts and which mail programs do not show: give a PNG or a JPEG',
    )
  })

  it.each([
    ['with opacity', png({ width: 40, height: 20 }), { type: 'png', width: 40, height: 20 }],
    ['without', png({ colour: 2, filter: 4 }), { type: 'png', width: 64, height: 64 }],
    ['a JPEG', JPEG, { type: 'jpg', width: 16, height: 16 }],
  ])('is read from its bytes: %s', (_, bytes, image) => expect(readImage(bytes, 1_024)).toEqual(image))
})
