import { TEST_ACCOUNTS } from './bank-accounts.ts'
import { TEST_CARDS } from './cards.ts'
import { type Field, type Problem, spaced, type TypedForm } from './checkout-form.ts'
import { type Html, html } from './html.ts'
import type { MethodType } from './method-objects.ts'
import type { Instrument } from './methods-on-file.ts'
import { formatMoney } from './money.ts'
import type { CheckoutSession, LineItem } from './objects.ts'
import { type Page, pageOf } from './page-layout.ts'

/** Cards that everybody tries first; the others are behind a fold. */
const FIRST_CARDS = new Set(['4242424242424242', '4000000000000002', '4000000000009995', '4000002760003184'])

/** The hosted page of an open session: what is bought, and the form. Works without JavaScript. */
export function checkoutPage(
  session: CheckoutSession,
  items: readonly LineItem[],
  typed: TypedForm,
  problem: Problem | null,
): Page {
  const title = session.mode === 'setup' ? setupTitle(session) : 'Checkout'
  const status = problem === null ? 200 : problem.field === null ? 402 : 422
  const free = session.amount_total === 0
  const content = html`
<div class="columns">
  <section aria-labelledby="order">
    ${session.cancel_url !== null && html`<a class="back" href="${session.cancel_url}">Back</a>`}
    ${session.mode === 'setup' ? setupSummary(title) : orderSummary(session, items)}
  </section>
  <section class="card" aria-labelledby="pay">
    <h2 id="pay">${free ? 'Nothing to pay' : formTitle(session)}</h2>
    ${problem && problemSummary(problem)}
    <form id="card" method="post" action="/stripe-sandbox/checkout/${session.id}" novalidate>
      ${free ? null : methodFields(session, typed, problem)}
      <button class="primary" type="submit">${buttonText(session, title)}</button>
    </form>
    ${free ? null : testMethods(session.payment_method_types)}
  </section>
</div>`
  return pageOf(status, problem ? `Error: ${title}` : title, content)
}

function formTitle({ payment_method_types: types }: CheckoutSession): string {
  if (types.length > 1) return 'Payment details'
  return types.includes('card') ? 'Card details' : 'Bank account'
}

function setupTitle({ payment_method_types: types }: CheckoutSession): string {
  if (types.length > 1) return 'Save a payment method'
  return types.includes('card') ? 'Save a card' : 'Save a bank account'
}

function buttonText(session: CheckoutSession, title: string): string {
  if (session.mode === 'setup') return title.replace(' a ', ' ')
  if (session.amount_total === 0) return 'Complete order'
  return `Pay ${money(session.amount_total, session.currency)}`
}

function setupSummary(title: string): Html {
  const what = title.replace('Save a', 'The')
  return html`<h1 id="order">${title}</h1>
<p class="quiet">Nothing is charged now. ${what} is kept for later payments.</p>`
}

function orderSummary(session: CheckoutSession, items: readonly LineItem[]): Html {
  const total = money(session.amount_total, session.currency)
  const lines = items.map(
    (
      item,
    ) => html`<li><span>${item.description}${item.quantity > 1 && html` <span class="quiet">× ${item.quantity}</span>`}</span>
      <span class="amount">${money(item.amount_total, item.currency)}</span></li>`,
  )
  return html`<h1 id="order">Total due today</h1>
<p class="total">${total}</p>
<ul class="lines">${lines}<li><span>Total</span><span class="amount">${total}</span></li></ul>`
}

function money(amount: number | null, currency: string | null): string {
  return formatMoney(amount ?? 0, currency ?? 'usd')
}

function problemSummary(problem: Problem): Html {
  const { field, message } = problem
  const text = field === null ? html`${message}` : html`<a href="#${field}">${message}</a>`
  return html`<div class="problem" role="alert" id="problem">${text}</div>`
}

/** With more than one type, the customer chooses; the fields of the other one are hidden by the style sheet. */
function methodFields(session: CheckoutSession, typed: TypedForm, problem: Problem | null): Html {
  const { mode, payment_method_types: types } = session
  const card = html`<div class="of-card">${cardFields(typed, problem)}</div>`
  const account = html`<div class="of-account">${accountFields(typed, problem, mode)}</div>`
  if (types.length === 1) return types.includes('card') ? card : account
  const choice = (value: MethodType, label: string) => html`<label class="choice">
<input type="radio" name="method" value="${value}"${typed.method === value && html` checked`}> ${label}</label>`
  return html`<fieldset class="methods"><legend>${mode === 'setup' ? 'Save' : 'Pay with'}</legend>
${choice('card', 'Card')}${choice('sepa_debit', 'SEPA Direct Debit')}</fieldset>
${card}${account}`
}

interface Input {
  readonly name: Field
  readonly label: string
  readonly autocomplete: string
  readonly placeholder?: string
  readonly inputmode?: 'numeric' | 'email'
}

function field(typed: TypedForm, problem: Problem | null, input: Input): Html {
  const { name, label, autocomplete, placeholder = '', inputmode } = input
  const invalid = problem?.field === name && html` aria-invalid="true" aria-describedby="problem" autofocus`
  const keyboard = inputmode !== undefined && html` inputmode="${inputmode}"`
  return html`<div class="field"><label for="${name}">${label}</label>
<input id="${name}" name="${name}" value="${typed[name]}" placeholder="${placeholder}" autocomplete="${autocomplete}" required${keyboard}${invalid}></div>`
}

function cardFields(typed: TypedForm, problem: Problem | null): Html {
  const numeric = (name: Field, label: string, autocomplete: string, placeholder: string) =>
    field(typed, problem, { name, label, autocomplete, placeholder, inputmode: 'numeric' })
  return html`
${numeric('number', 'Card number', 'cc-number', '4242 4242 4242 4242')}
<div class="pair">${numeric('expiry', 'Expiry', 'cc-exp', 'MM / YY')}${numeric('cvc', 'CVC', 'cc-csc', '123')}</div>
${field(typed, problem, { name: 'name', label: 'Name on card', autocomplete: 'cc-name' })}`
}

function accountFields(typed: TypedForm, problem: Problem | null, mode: CheckoutSession['mode']): Html {
  const later = mode === 'setup' ? ' for later payments (SEPA mandate).' : ' (SEPA mandate). Your bank answers later.'
  const of = (input: Input) => field(typed, problem, input)
  return html`
${of({ name: 'iban', label: 'IBAN', autocomplete: 'off', placeholder: 'AT61 1904 3002 3457 3201' })}
${of({ name: 'holder', label: 'Account holder', autocomplete: 'name' })}
${of({ name: 'email', label: 'E-mail', autocomplete: 'email', inputmode: 'email' })}
<p class="quiet">By confirming you allow your account to be debited${later}</p>`
}

/** Each number is a button of the form, so that it fills the form in and keeps the name that was typed. */
function testMethods(types: readonly string[]): Html {
  return html`<div class="tests">
${types.includes('card') && html`<div class="of-card">${testCards()}</div>`}
${types.includes('sepa_debit') && html`<div class="of-account">${numberTable('Test bank accounts', 'IBAN', TEST_ACCOUNTS)}</div>`}
</div>`
}

function testCards(): Html {
  const first = TEST_CARDS.filter((card) => FIRST_CARDS.has(card.number))
  const others = TEST_CARDS.filter((card) => !FIRST_CARDS.has(card.number))
  return html`${numberTable('Test cards', 'Number', first)}
<details><summary>More test cards</summary>${numberTable('More test cards', 'Number', others)}</details>`
}

function numberTable(caption: string, heading: string, instruments: readonly Instrument[]): Html {
  const rows = instruments.map(
    ({ number, label }) => html`<tr><td><button class="fill" type="submit" form="card" name="fill" value="${number}"
 aria-label="Fill in ${spaced(number)}: ${label}">${spaced(number)}</button></td><td>${label}</td></tr>`,
  )
  return html`<table><caption>${caption}</caption>
<thead><tr><th scope="col">${heading}</th><th scope="col">What happens</th></tr></thead><tbody>${rows}</tbody></table>`
}
