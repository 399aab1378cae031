import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { until } from './at-once.ts'
import { SET_BRAND } from './bad-brands.ts'
import { consume, dataOf } from './calls.ts'
import { advanceBy, advanceTo, advanceToPeriodEnd, DAY, putOnFile, subscriptionOf } from './living.ts'
import { dataUrl, png } from './logos.ts'
import { addressOf, type MailServer, startMailServer } from './mail-server.ts'
import { GOOD_CARD, payCheckout } from './pay-checkout.ts'
import { purchaseBundle, subscribe, tokenOf, URLS } from './selling.ts'
import { type Peer, type Stack, startStack } from './stack.ts'
import { PREMIUM, publishRateCard, publishWorkedExample } from './worked-example.ts'

let mails: MailServer
let stack: Stack
let second: Peer

beforeAll(async () => {
  mails = await startMailServer()
  stack = await startStack({ smtpUrl: mails.url })
  second = await stack.addPeer()
  await publishWorkedExample(stack)
  await publishRateCard(stack, { ...PREMIUM, code: 'tried', name: 'Tried', trialDays: 14 })
})
afterAll(async () => {
  mails.release()
  await stack.close()
  await mails.close()
})
beforeEach(() => {
  mails.accidents.length = 0
  mails.received.length = 0
})

const UPSERT = `mutation ($input: CustomerInput!) { upsertCustomer(input: $input) { id } }`
const person = (id: string, more: object = {}) =>
  dataOf(stack.query(UPSERT, { input: { id, name: 'Ada Lovelace', email: `${id}@example.com`, ...more } })).then(
    () => id,
  )

async function buys(id: string, rateCard: string, more: object = {}): Promise<string> {
  await person(id, more)
  return orders(id, rateCard)
}

async function orders(id: string, rateCard: string): Promise<string> {
  const sold = await subscribe(stack, { customerId: id, rateCard, checkout: URLS })
  if (sold.token) await payCheckout(stack, tokenOf(sold), GOOD_CARD)
  return id
}

/** The mails of a customer: as written, in order, once none waits. */
async function told(customerId: string): Promise<{ kind: string; status: string; about: string }[]> {
  const read = () =>
    stack.database.query<{ kind: string; status: string; about: string }>(
      `select e.kind::text, e.status::text, e.about from email e join customer c on c.pk = e.customer_pk
       where c.id = $1 order by e.id`,
      [customerId],
    )
  return until(read, (rows) => rows.every(({ status }) => status !== 'PENDING' && status !== 'SENDING'))
}
const kinds = async (customerId: string) => (await told(customerId)).map(({ kind, status }) => `${kind} ${status}`)
const receivedBy = (customerId: string) => mails.received.filter((mail) => addressOf(mail).includes(`${customerId}@`))
const rushAll = () => stack.database.query(`update email set next_attempt_at = now() where status = 'PENDING'`)
const setSettings = (input: object) =>
  dataOf(
    stack.query(`mutation ($input: EmailSettingsInput!) { setEmailSettings(input: $input) { kinds replyTo } }`, {
      input,
    }),
  )

describe('a receipt', () => {
  it('says what was paid, leads to the invoice and carries it', async () => {
    await buys('rita', 'premium', { timezone: 'Pacific/Auckland' })
    expect(await kinds('rita')).toEqual(['RECEIPT SENT'])
    const [mail] = receivedBy('rita')
    expect(mail?.subject).toMatch(/^\[Test\] Your receipt from Tests \(INV-\d+\)$/)
    expect(mail?.from?.text).toBe('"Tests" <billing@florin.example>')
    expect(addressOf(mail as never)).toBe('"Ada Lovelace" <rita@example.com>')
    expect(mail?.text).toContain('Paid: $100.00')
    expect(mail?.text).toContain('Premium')
    expect(mail?.text).toMatch(/View invoice:\nhttp:\/\/127\.0\.0\.1:\d+\/invoices\/inv_/)
    expect(mail?.html).toContain('$100.00')
    expect(mail?.attachments.map(({ filename, contentType }) => [filename, contentType])).toEqual([
      [expect.stringMatching(/^INV-\d+\.pdf$/), 'application/pdf'],
    ])
    expect(mail?.attachments[0]?.content.subarray(0, 5).toString()).toBe('%PDF-')
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated')
  })

  it('comes for a bundle, and not for what is free', async () => {
    await buys('bea', 'free')
    expect(await told('bea')).toEqual([])
    await payCheckout(stack, tokenOf(await purchaseBundle(stack, 'bea', 'b1')), GOOD_CARD)
    expect(await kinds('bea')).toEqual(['RECEIPT SENT'])
    expect(receivedBy('bea')[0]?.text).toContain('Paid: $10.00')
  })

  it('is not written for a customer without an address', async () => {
    await dataOf(stack.query(UPSERT, { input: { id: 'nemo' } }))
    const sold = await subscribe(stack, { customerId: 'nemo', rateCard: 'premium', checkout: URLS })
    await payCheckout(stack, tokenOf(sold), GOOD_CARD)
    expect(await told('nemo')).toEqual([])
  })
})

describe('a payment that fails', () => {
  it('P32 a renewal with a failing card: one mail that it failed, none that it was paid', async () => {
    await buys('pat', 'premium')
    await putOnFile(stack, 'pat', 'pm_card_chargeCustomerFail')
    await advanceToPeriodEnd(stack, 'pat')
    expect(await kinds('pat')).toEqual(['RECEIPT SENT', 'PAYMENT_FAILED SENT'])
    const failed = receivedBy('pat').find(({ subject }) => !subject?.includes('receipt'))
    expect(failed?.subject).toBe('[Test] Your payment to Tests did not go through')
    expect(failed?.text).toContain('Amount due: $100.00\nYour bank declined the card.')
    expect(failed?.text).toMatch(/We try again on \d+ \w+ \d{4}\. You can also pay now/)
    expect(failed?.text).toMatch(/Pay \$100\.00:\nhttp.*\/invoices\/inv_/)
  })

  it('is told once for each attempt, the last of which says that it was', async () => {
    await buys('dun', 'premium')
    await putOnFile(stack, 'dun', 'pm_card_chargeCustomerFail')
    await advanceToPeriodEnd(stack, 'dun', 8 * DAY)
    expect(await kinds('dun')).toEqual(['RECEIPT SENT', ...Array(5).fill('PAYMENT_FAILED SENT')])
    const last = receivedBy('dun').find(({ text }) =>
      text?.includes('This was the last attempt, so Premium has ended.'),
    )
    expect(last?.text).toContain('View invoice:')
  })

  it('asks for a confirmation where the bank wants one', async () => {
    await buys('sca', 'premium')
    await putOnFile(stack, 'sca', 'pm_card_authenticationRequired')
    await advanceToPeriodEnd(stack, 'sca')
    expect(await kinds('sca')).toEqual(['RECEIPT SENT', 'PAYMENT_FAILED SENT'])
    const mail = receivedBy('sca').find(({ subject }) => !subject?.includes('receipt'))
    expect(mail?.subject).toBe('[Test] Confirm your payment to Tests')
    expect(mail?.text).toContain('Your bank asks you to confirm that it is really you.')
    expect(mail?.text).toContain('Confirm $100.00:')
  })
})

describe('a trial', () => {
  it('tells three days before its end, once, in the order of time', async () => {
    await person('tia')
    await subscribe(stack, { customerId: 'tia', rateCard: 'tried' })
    const ends = Date.parse((await subscriptionOf(stack, 'tia')).trialEndsAt as string)
    await advanceTo(stack, ends - 3 * DAY - 1_000)
    expect(await told('tia')).toEqual([])
    await advanceTo(stack, ends - 3 * DAY)
    await advanceTo(stack, ends - DAY)
    expect(await kinds('tia')).toEqual(['TRIAL_ENDING SENT'])
    const [mail] = receivedBy('tia')
    expect(mail?.subject).toMatch(/^\[Test\] Your trial of Tried ends on \d+ \w+ \d{4}$/)
    expect(mail?.text).toContain('Tried after the trial: $100.00 a month')
    expect(mail?.text).toContain('There is no payment method on file yet.')
    expect(mail?.text).toMatch(/Add a payment method:\nhttp:\/\/127\.0\.0\.1:\d+\/payment-methods\/am_/)
    // In one jump: first the trial, then what could not be collected.
    await person('tom')
    await subscribe(stack, { customerId: 'tom', rateCard: 'tried' })
    await advanceBy(stack, 15 * DAY)
    expect((await kinds('tom')).slice(0, 2)).toEqual(['TRIAL_ENDING SENT', 'PAYMENT_FAILED SENT'])
  })

  it('that was cancelled ends without a word, and tells when it is taken back in time', async () => {
    await person('tess')
    const { subscription } = await subscribe(stack, { customerId: 'tess', rateCard: 'tried' })
    const cancel = `mutation ($id: ID!) { cancelSubscription(input: { subscriptionId: $id }) { id } }`
    await dataOf(stack.query(cancel, { id: subscription?.id }))
    await advanceBy(stack, 12 * DAY)
    expect(await told('tess')).toEqual([])
    await dataOf(
      stack.query(`mutation ($id: ID!) { resumeSubscription(subscriptionId: $id) { id } }`, { id: subscription?.id }),
    )
    await advanceBy(stack, 1_000)
    expect(await kinds('tess')).toEqual(['TRIAL_ENDING SENT'])
  })
})

it('a low balance is told once per crossing, however many thresholds it jumps over', async () => {
  await buys('lou', 'free')
  const alerts = `mutation ($input: BalanceAlertsInput!) { setBalanceAlerts(input: $input) { armed } }`
  const thresholds = [{ amount: '4' }, { amount: '3' }, { amount: '1' }]
  await dataOf(stack.query(alerts, { input: { customerId: 'lou', creditType: 'credits', thresholds } }))
  await consume(stack, { customerId: 'lou', idempotencyKey: 'l1', quantity: '2' })
  expect(await kinds('lou')).toEqual(['LOW_BALANCE SENT'])
  await consume(stack, { customerId: 'lou', idempotencyKey: 'l2', quantity: '3' })
  expect(await kinds('lou')).toEqual(['LOW_BALANCE SENT', 'LOW_BALANCE SENT'])
  expect(receivedBy('lou').map(({ subject }) => subject)).toEqual([
    '[Test] Credits at Tests: 3 left',
    '[Test] Credits at Tests: none left',
  ])
})

describe('a project', () => {
  it('says which mails it wants, and where answers go', async () => {
    await setSettings({ kinds: ['PAYMENT_FAILED'], replyTo: 'answers@persona.example' })
    await buys('set', 'premium')
    expect(await told('set')).toEqual([])
    expect(await setSettings({ kinds: null })).toMatchObject({
      setEmailSettings: {
        kinds: ['RECEIPT', 'PAYMENT_FAILED', 'LOW_BALANCE', 'TRIAL_ENDING'],
        replyTo: 'answers@persona.example',
      },
    })
    await buys('set2', 'premium')
    expect(await kinds('set2')).toEqual(['RECEIPT SENT'])
    expect(receivedBy('set2')[0]?.replyTo?.text).toBe('answers@persona.example')
    await setSettings({ replyTo: null })
  })

  it('is shown in its brand, with everything that anybody wrote as text', async () => {
    const name = 'Acme "A&B" <b>, Ünïcode'
    const brand = { name, color: '#7c3aed', logo: dataUrl(png({ width: 40 })), supportEmail: 'help@acme.example' }
    await dataOf(stack.query(SET_BRAND, { input: brand }))
    await person('inj')
    const stored = 'Eve\r\nBcc: all@example.com <script>alert(1)</script>' // before names were one line
    await stack.database.query(`update customer set name = $1 where id = 'inj'`, [stored])
    await orders('inj', 'premium')
    expect(await kinds('inj')).toEqual(['RECEIPT SENT'])
    const [mail] = receivedBy('inj')
    expect(mail?.from?.value).toEqual([{ name, address: 'billing@florin.example' }])
    expect(mail?.headers.has('bcc')).toBe(false)
    expect(mail?.replyTo?.text).toBe('help@acme.example')
    expect(mail?.subject).toContain(name)
    expect(mail?.html).toContain('bgcolor="#7c3aed"')
    expect(mail?.html).toMatch(/<img[^>]+src="http:\/\/127\.0\.0\.1:\d+\/brand\//)
    expect(mail?.html).toContain('Hello Eve Bcc: all@example.com &lt;script&gt;')
    expect(mail?.html).not.toContain('<script')
    await dataOf(stack.query(SET_BRAND, { input: { name: null, color: null, logo: null, supportEmail: null } }))
  })
})

describe('a mail server', () => {
  it('that is busy gets the same mail again, with the same id', async () => {
    mails.accidents.push('busy')
    await buys('busy', 'premium')
    const rows = () =>
      stack.database.query<{ attempts: number; status: string; later: boolean }>(
        `select attempts, status::text, next_attempt_at > now() + interval '30 seconds' as later
         from email e join customer c on c.pk = e.customer_pk where c.id = 'busy'`,
      )
    const [row] = await until(rows, ([first]) => first?.attempts === 1 && first.status === 'PENDING')
    expect(row?.later).toBe(true)
    const [{ id = '' } = {}] = await stack.database.query<{ id: string }>(
      `select e.id from email e join customer c on c.pk = e.customer_pk where c.id = 'busy'`,
    )
    await rushAll()
    expect(await kinds('busy')).toEqual(['RECEIPT SENT'])
    expect(receivedBy('busy').map(({ messageId }) => messageId)).toEqual([`<${id}@florin.example>`])
  })

  it('that refuses for good is asked once', async () => {
    mails.accidents.push('refuse')
    await buys('gone', 'premium')
    expect(await kinds('gone')).toEqual(['RECEIPT FAILED'])
  })

  it('that takes a mail and is gone before it answers does not get it twice', async () => {
    mails.accidents.push('cut')
    await buys('cut', 'premium')
    expect(await kinds('cut')).toEqual(['RECEIPT UNKNOWN'])
    expect(receivedBy('cut')).toHaveLength(1)
  })

  it('that hangs is in nobody’s way, and two workers send once', async () => {
    mails.accidents.push('hang')
    await buys('slow', 'premium')
    await until(
      async () => receivedBy('slow').length,
      (count) => count === 1,
    )
    expect(second.url).not.toBe(stack.url)
    await buys('fast', 'premium')
    await advanceBy(stack, DAY)
    expect(await kinds('fast')).toEqual(['RECEIPT SENT'])
    const [slow] = await stack.database.query<{ status: string }>(
      `select status::text from email e join customer c on c.pk = e.customer_pk where c.id = 'slow'`,
    )
    expect(slow?.status).toBe('SENDING')
    mails.release()
    expect(await kinds('slow')).toEqual(['RECEIPT SENT'])
    expect(receivedBy('slow')).toHaveLength(1)
  })

  it('hears nothing more of a mail whose sender died in the middle', async () => {
    await buys('dead', 'premium')
    expect(await kinds('dead')).toEqual(['RECEIPT SENT'])
    await stack.database.query(
      `update email set status = 'SENDING', next_attempt_at = now() - interval '1 second', sent_at = null
       where customer_pk = (select pk from customer where id = 'dead')`,
    )
    expect(await kinds('dead')).toEqual(['RECEIPT UNKNOWN'])
    expect(receivedBy('dead')).toHaveLength(1)
  })

  it('makes the preview unnecessary: it is not there', async () => {
    const { linkEmails } = await import('../src/modules/emails/email-preview-route.ts')
    expect((await fetch(linkEmails(stack.url, stack.project))).status).toBe(404)
  })
})
