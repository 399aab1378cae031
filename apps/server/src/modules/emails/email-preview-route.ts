import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { Database } from '../../platform/database.ts'
import { escapeHtml } from '../../platform/escape-html.ts'
import { failRequest, pathOf, type Route } from '../../platform/http.ts'
import type { Log } from '../../platform/log.ts'
import { idInPageToken, isPageToken, pageToken } from '../accounts/page-token.ts'
import { readProject } from '../accounts/read-project.ts'
import type { Project } from '../accounts/viewer.ts'
import { type KeptEmail, readKeptEmail, readKeptEmails } from './read-kept-emails.ts'

interface PreviewDeps {
  readonly database: Database
  readonly log: Log
}

/** Where a sandbox's mails are shown while there is no mail server. */
export function linkEmails(publicUrl: string, project: Project): string {
  return `${publicUrl}/emails/${pageToken('emails', project, project.id)}`
}

/** Shows the mails that a sandbox would have sent. The token in the address is the credential; a live project has no such page. */
export function createEmailPreviewRoute({ database, log }: PreviewDeps): Route {
  async function answer(res: ServerResponse, token: string, id: string | undefined, part: string | undefined) {
    try {
      const project = await openedBy(database, token)
      const page =
        project && (id ? await onePage(database, project, token, id, part) : await listPage(database, project, token))
      if (!page) return void res.writeHead(404, { 'content-type': 'text/plain' }).end('there is no such page\n')
      res.writeHead(200, page.headers).end(page.body)
    } catch (error) {
      failRequest(res, error, log)
    }
  }

  return (req, res) => {
    const [, token, id, part] =
      /^\/emails\/([\w-]+)(?:\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(\.html|\.txt)?)?$/.exec(pathOf(req)) ?? []
    if (!token || (req.method !== 'GET' && req.method !== 'HEAD')) return false
    void answer(res, token, id, part)
    return true
  }
}

async function openedBy(database: Database, token: string): Promise<Project | null> {
  const id = idInPageToken('emails', token)
  const project = id && (await readProject(database, id))
  return project && project.mode === 'SANDBOX' && isPageToken('emails', project, project.id, token) ? project : null
}

interface Page {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

async function listPage(database: Database, project: Project, token: string): Promise<Page> {
  const emails = await readKeptEmails(database, project.id)
  const rows = emails.map(
    (email) => `<li><a href="/emails/${token}/${email.id}"><strong>${escapeHtml(email.subject)}</strong>
<span>${escapeHtml(email.recipient)}</span><time>${timeOf(email)}</time></a></li>`,
  )
  const list =
    rows.length > 0
      ? `<ul>${rows.join('\n')}</ul>`
      : '<p class="empty">No mail yet: they come with receipts, failed payments, low balances and trials that end.</p>'
  return shell(
    'E-mails',
    `<h1>E-mails of ${escapeHtml(project.name)}</h1>
<p class="note">Without SMTP_URL nothing is sent: these are the mails that customers of this sandbox would have got.</p>${list}`,
  )
}

const timeOf = ({ occurredAt }: KeptEmail) => new Date(occurredAt).toISOString().slice(0, 16).replace('T', ' ')

async function onePage(
  database: Database,
  project: Project,
  token: string,
  id: string,
  part: string | undefined,
): Promise<Page | null> {
  const email = await readKeptEmail(database, project.id, id)
  if (!email) return null
  if (part === '.txt') return { headers: headersOf('text/plain', "default-src 'none'; sandbox"), body: email.text }
  if (part === '.html') return { headers: headersOf('text/html', MAIL_POLICY), body: email.html }
  const address = `/emails/${token}/${email.id}`
  return shell(
    email.subject,
    `<p><a href="/emails/${token}">All e-mails</a></p><h1>${escapeHtml(email.subject)}</h1>
<p class="note">To ${escapeHtml(email.recipient)}, ${timeOf(email)} in the project’s time.
<a href="${address}.html">HTML alone</a> · <a href="${address}.txt">Text alone</a></p>
<iframe src="${address}.html" title="The mail as HTML" sandbox="allow-popups"></iframe>
<h2>As plain text</h2><pre tabindex="0">${escapeHtml(email.text)}</pre>`,
  )
}

/** A mail has its styles in itself, shows the logo, and runs nothing. */
const MAIL_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'; sandbox allow-popups"

function headersOf(type: string, policy: string): Record<string, string> {
  return {
    'content-type': `${type}; charset=utf-8`,
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-robots-tag': 'noindex',
  }
}

const STYLE = `:root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif;background:light-dark(#f4f2ec,#0e110f);color:light-dark(#16201b,#edf2ee)}
body{max-width:56rem;margin:0 auto;padding:1.5rem}h1{font-size:1.5rem;overflow-wrap:anywhere}h2{font-size:1.125rem}
a{color:inherit;text-underline-offset:3px}h1,strong{text-wrap:balance}.note,.empty,span,time{color:light-dark(#5b665f,#9faca4)}
ul{list-style:none;margin:0;padding:0}li a{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:1rem;margin-bottom:.5rem;border:1px solid light-dark(#e4e1d8,#2b322e);border-radius:12px;background:light-dark(#fff,#171b18);text-decoration:none}
li a:hover{border-color:currentcolor}li strong{flex:1 1 18rem}li span{overflow-wrap:anywhere}time{font-variant-numeric:tabular-nums}iframe{width:100%;height:44rem;border:1px solid light-dark(#e4e1d8,#2b322e);border-radius:12px;background:#fff}
pre{padding:1rem;overflow:auto;border-radius:12px;background:light-dark(#fff,#171b18);white-space:pre-wrap;overflow-wrap:anywhere}`

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')
const SHELL_POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'`

function shell(title: string, content: string): Page {
  const body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><main>${content}</main></body></html>
`
  return { headers: headersOf('text/html', SHELL_POLICY), body }
}
