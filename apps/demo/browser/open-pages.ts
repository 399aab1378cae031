import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core'

// What the pages of a test show and said, for whoever reads why it failed.

const ARTEFACTS = join(import.meta.dirname, '../artefacts')
const AT_MOST = 3_000
const WITHIN_MS = 5_000

const browsers = new Set<Browser>()
const complaints = new WeakMap<BrowserContext, string[]>()

/** Remembers the browser's pages and what their consoles complain about. */
export function watchPages(browser: Browser): void {
  browsers.add(browser)
  browser.on('disconnected', () => browsers.delete(browser))
  browser.on('context', (context) => {
    const heard: string[] = []
    complaints.set(context, heard)
    context.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) heard.push(`${message.type()}: ${message.text()}`)
    })
    context.on('weberror', (error) => heard.push(`thrown: ${error.error().stack}`))
    context.on('requestfailed', (request) => heard.push(`no answer: ${request.url()} ${request.failure()?.errorText}`))
  })
}

/** Prints each open page with its address, what stands on it by role and name and what its console said, with a picture. */
export async function tellOpenPages(occasion: string): Promise<void> {
  const contexts = [...browsers].flatMap((browser) => browser.contexts())
  const told = contexts.map(async (context) => [
    ...(await Promise.all(context.pages().map((page, index) => tell(page, `${occasion} ${index + 1}`)))),
    ...(complaints.get(context) ?? []).slice(-30).map((line) => `  ${line}`),
  ])
  const lines = (await Promise.all(told)).flat()
  process.stderr.write(`\nflorin: the pages when it failed (${occasion}):\n${lines.join('\n')}\n\n`)
}

async function tell(page: Page, name: string): Promise<string> {
  const path = join(ARTEFACTS, `failed ${name.replaceAll(/[^\p{L}\p{N} ]/gu, '').slice(0, 100)}.png`)
  mkdirSync(ARTEFACTS, { recursive: true })
  const taken = await page.screenshot({ path, timeout: WITHIN_MS }).then(
    () => path,
    (error: Error) => `none: ${error.message.split('\n')[0]}`,
  )
  const frames = await Promise.all(page.frames().map(read))
  return [`picture ${taken}`, ...frames].join('\n')
}

async function read(frame: Frame): Promise<string> {
  const shown = frame.locator('body').ariaSnapshot({ timeout: WITHIN_MS })
  const text = await shown.catch((error: Error) => error.message)
  return `${frame.parentFrame() ? 'frame' : 'page'} ${frame.url()}\n${text.slice(0, AT_MOST)}`
}
