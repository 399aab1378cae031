import { TEST_CARDS, type TestCard } from './cards.ts'
import { type Problem, spaced, type TypedCard } from './checkout-form.ts'
import { type Html, html } from './html.ts'
import { formatMoney } from './money.ts'
import type { CheckoutSession, LineItem } from './objects.ts'
import { type Page, pageOf } from './page-layout.ts'

/** Cards that everybody tries first; the others are behind a fold. */
const FIRST_CARDS = new Set(['4242424242424242', '4000000000000002', '4000000000009995', '4000002760003184'])

/** The hosted page of an open session: what is bought, and the card form. Works without JavaScript. */
export function checkoutPage(
  session: CheckoutSession,
  items: readonly LineItem[],
  typed: TypedCard,
  problem: Problem | null,
): Page {
  const title = session.mode === 'setup' ? 'Save a card' : 'Checkout'
  const status = problem === null ? 200 : problem.field === null ? 402 : 422
  const content = html`
<div class="columns">
  <section aria-labelledby="order">
    ${session.cancel_url !== null && html`<a class="back" href="${session.cancel_url}">Back</a>`}
    ${session.mode === 'setup' ? setupSummary() : orderSummary(session, items)}
  </section>
  <section class="card" aria-labelledby="pay">
    <h2 id="pay">${session.amount_total === 0 ? 'Nothing to pay' : 'Card details'}</h2>
    ${problem && problemSummary(problem)}
    <form id="card" method="post" action="/stripe-sandbox/checkout/${session.id}" novalidate>
      ${session.amount_total === 0 ? null : cardFields(typed, problem)}
      <button class="primary" type="submit">${buttonText(session)}</button>
    </form>
    ${session.amount_total === 0 ? null : testCards()}
  </section>
</div>`
  return pageOf(status, problem ? `Error: ${title}` : title, content)
}

function buttonText(session: CheckoutSession): string {
  if (session.mode === 'setup') return 'Save card'
  if (session.amount_total === 0) return 'Complete order'
  return `Pay ${money(session.amount_total, session.currency)}`
}

function setupSummary(): Html {
  return html`<h1 id="order">Save a card</h1>
<p class="quiet">Nothing is charged now. The card is kept for later payments.</p>`
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

function cardFields(typed: TypedCard, problem: Problem | null): Html {
  const field = (name: keyof TypedCard, label: string, autocomplete: string, placeholder: string) => {
    const invalid = problem?.field === name && html` aria-invalid="true" aria-describedby="problem" autofocus`
    const keyboard = name !== 'name' && html` inputmode="numeric"`
    return html`<div class="field"><label for="${name}">${label}</label>
<input id="${name}" name="${name}" value="${typed[name]}" placeholder="${placeholder}" autocomplete="${autocomplete}" required${keyboard}${invalid}></div>`
  }
  return html`
${field('number', 'Card number', 'cc-number', '4242 4242 4242 4242')}
<div class="pair">${field('expiry', 'Expiry', 'cc-exp', 'MM / YY')}${field('cvc', 'CVC', 'cc-csc', '123')}</div>
${field('name', 'Name on card', 'cc-name', '')}`
}

/** Each number is a button of the card form, so that it fills the form in and keeps the name that was typed. */
function testCards(): Html {
  const first = TEST_CARDS.filter((card) => FIRST_CARDS.has(card.number))
  const others = TEST_CARDS.filter((card) => !FIRST_CARDS.has(card.number))
  return html`<div class="tests">
${cardTable('Test cards', first)}
<details><summary>More test cards</summary>${cardTable('More test cards', others)}</details>
</div>`
}

function cardTable(caption: string, cards: readonly TestCard[]): Html {
  const rows = cards.map(
    ({ number, label }) => html`<tr><td><button class="fill" type="submit" form="card" name="fill" value="${number}"
 aria-label="Fill in ${spaced(number)}: ${label}">${spaced(number)}</button></td><td>${label}</td></tr>`,
  )
  return html`<table><caption>${caption}</caption>
<thead><tr><th scope="col">Number</th><th scope="col">What happens</th></tr></thead><tbody>${rows}</tbody></table>`
}
