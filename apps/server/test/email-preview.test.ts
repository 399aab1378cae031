import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import { linkEmails } from '../src/modules/emails/email-preview-route.ts'
import { emailPreviewUrl, warnOfMissingMailServer } from '../src/start/emails.ts'
import { until } from './at-once.ts'
import { dataOf } from './calls.ts'
import { GOOD_CARD, payCheckout } from './pay-checkout.ts'
import { subscribe, tokenOf, URLS } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample } from './worked-example.ts'

// Without a mail server: what a developer sees instead.

let stack: Stack
let address: string

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  address = linkEmails(stack.url, stack.project)
})
afterAll(() => stack.close())

const get = async (url: string) => {
  const answer = await fetch(url)
  return {
    status: answer.status,
    text: await answer.text(),
    policy: answer.headers.get('content-security-policy') ?? '',
  }
}

describe('the preview', () => {
  it('is empty at first, and says why', async () => {
    expect(await emailPreviewUrl(stack.app)).toBe(address)
    const { status, text } = await get(address)
    expect(status).toBe(200)
    expect(text).toContain('Without SMTP_URL nothing is sent')
    expect(text).toContain('No mail yet')
  })

  it('shows each mail in a frame that runs nothing, and as text', async () => {
    const input = { id: 'ada', name: '<b>Ada</b>', email: 'ada@example.com' }
    await dataOf(stack.query(`mutation ($input: CustomerInput!) { upsertCustomer(input: $input) { id } }`, { input }))
    const sold = await subscribe(stack, { customerId: 'ada', rateCard: 'premium', checkout: URLS })
    await payCheckout(stack, tokenOf(sold), GOOD_CARD)
    const list = await until(
      () => get(address),
      ({ text }) => text.includes('Your receipt from Tests'),
    )
    const [link = ''] = /\/emails\/[\w-]+\/[0-9a-f-]{36}/.exec(list.text) ?? []
    const one = await get(`${stack.url}${link}`)
    expect(one.text).toContain('sandbox="allow-popups"')
    expect(one.text).toContain('Hello &lt;b&gt;Ada&lt;/b&gt;,')
    expect(one.policy).not.toContain('unsafe-inline')
    const html = await get(`${stack.url}${link}.html`)
    expect(html.text).toContain('Hello &lt;b&gt;Ada&lt;/b&gt;,')
    expect(html.policy).toContain('sandbox allow-popups')
    expect((await get(`${stack.url}${link}.txt`)).text).toContain('Paid: $100.00')
  })

  it('T01 opens to nobody but who has its address, and shows one project alone', async () => {
    const { project } = await stack.addProject('SANDBOX')
    const other = linkEmails(stack.url, project)
    expect((await get(other)).text).toContain('No mail yet')
    const [link = ''] = /\/[0-9a-f-]{36}/.exec((await get(address)).text.split('<ul>')[1] ?? '') ?? []
    expect((await get(`${address}${link}`)).status).toBe(200)
    expect((await get(`${other}${link}`)).status).toBe(404)
    expect((await get(`${address.slice(0, -1)}${address.endsWith('A') ? 'B' : 'A'}`)).status).toBe(404)
    expect((await get(`${stack.url}/emails/em_1`)).status).toBe(404)
    for (const id of ['-'.repeat(36), 'a'.repeat(36)]) expect((await get(`${address}/${id}`)).status).toBe(404)
  })

  it('is not there for a live project, whose operator is warned', async () => {
    await warnOfMissingMailServer(stack.app)
    expect(stack.logged.join('')).not.toContain('SMTP_URL is missing')
    const { project } = await stack.addProject('LIVE')
    expect((await get(linkEmails(stack.url, project))).status).toBe(404)
    await warnOfMissingMailServer(stack.app)
    expect(stack.logged.join('')).toContain('SMTP_URL is missing')
  })
})

describe('the configuration', () => {
  it.each([
    ['smtp://mail.example', { host: 'mail.example', port: 587, secure: false, user: null, password: null }],
    [
      'smtps://a%40b:p%2Fw@mail.example',
      { host: 'mail.example', port: 465, secure: true, user: 'a@b', password: 'p/w' },
    ],
    ['smtp://[::1]:1025', { host: '::1', port: 1025, secure: false, user: null, password: null }],
  ])('reads %s', (url, mail) => {
    const from = 'billing@example.com'
    expect(readConfig({ SMTP_URL: url, FLORIN_EMAIL_FROM: from }).mail).toEqual({ ...mail, from })
  })

  it.each([
    [{ SMTP_URL: 'mail.example:587' }, /^SMTP_URL is no address of a mail server: give smtp:\/\//],
    [{ SMTP_URL: 'https://user:secret@mail.example' }, /^SMTP_URL is no address(?!.*secret)/],
    [{ SMTP_URL: 'smtp://mail.example' }, /^FLORIN_EMAIL_FROM is missing/],
    [
      { SMTP_URL: 'smtp://mail.example', FLORIN_EMAIL_FROM: 'Persona <a@b.c>' },
      /^FLORIN_EMAIL_FROM is "Persona <a@b.c>": give an address alone/,
    ],
  ])('refuses %j', (env, message) => expect(() => readConfig(env)).toThrow(message))

  it('needs none', () => expect(readConfig({}).mail).toBeNull())
})
