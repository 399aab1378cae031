import { html } from './html.ts'
import { type Page, pageOf } from './page-layout.ts'

/** The bank's question to the customer (3D Secure). */
export function challengePage(action: string, what: string): Page {
  const title = 'Your bank wants to confirm it is you'
  return pageOf(
    200,
    title,
    html`<section class="card notice"><h1>${title}</h1>
<p>${what}</p>
<p class="quiet">This stands for your bank's own page. Choose how it ends.</p>
<form method="post" action="${action}">
<button class="primary" type="submit" name="result" value="complete">Complete authentication</button>
<button class="secondary" type="submit" name="result" value="fail">Fail authentication</button>
</form></section>`,
  )
}
