import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import react from '@vitejs/plugin-react'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, photograph, seriousBarriers } from './browser.ts'

const START_MS = 240_000
const PAGE = join(import.meta.dirname, '../components')
const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }
/** As strict as an integrator's policy can be. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'"

let browser: Browser
let server: Server
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'florin-components-'))
  await build({ root: PAGE, base: './', logLevel: 'error', plugins: [react()], build: { outDir: folder } })
  server = createServer(async (request, response) => {
    const name = request.url === '/' ? 'index.html' : (request.url ?? '').slice(1)
    const file = await readFile(join(folder, name)).catch(() => null)
    response.setHeader('content-security-policy', POLICY)
    response.writeHead(file ? 200 : 404, { 'content-type': TYPES[extname(name)] ?? 'text/plain' }).end(file)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  browser = await launchBrowser()
}, START_MS)

afterAll(async () => {
  await browser?.close()
  server?.close()
  await rm(folder, { recursive: true, force: true })
}, START_MS)

const LOOKS: [string, BrowserContextOptions][] = [
  ['light', {}],
  ['dark', { colorScheme: 'dark' }],
  ['phone', { viewport: { width: 320, height: 640 } }],
  ['forced-colours', { forcedColors: 'active', reducedMotion: 'reduce' }],
  ['zoomed', { viewport: { width: 640, height: 430 }, deviceScaleFactor: 2 }],
]

test.each(LOOKS)('the components look and read well: %s', async (name, look) => {
  const { page, complaints } = await openPage(look)
  await photograph(page, `components-${name}`, { fullPage: true })
  expect(await seriousBarriers(page.mainFrame())).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  expect(complaints).toEqual([])
})

test('a paywall over the page keeps the focus, closes with Escape and gives the focus back', async () => {
  const { page, complaints } = await openPage({})
  const opener = page.getByRole('button', { name: 'Open the paywall' })
  await opener.click()
  const dialog = page.getByRole('dialog', { name: 'Out of credits' })
  await dialog.waitFor()
  await photograph(page, 'components-dialog')
  expect(await seriousBarriers(page.mainFrame())).toEqual([])
  expect(await page.evaluate(() => document.activeElement?.closest('dialog') !== null)).toBe(true)

  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  await expect.poll(() => opener.evaluate((button) => button === document.activeElement)).toBe(true)
  expect(complaints).toEqual([])
})

test('a change of plan shows money and credits before it is made', async () => {
  const { page } = await openPage({})
  const pending = page.getByRole('region', { name: 'pending' })
  await pending.getByRole('button', { name: 'Change to Free' }).click()
  const dialog = page.getByRole('dialog', { name: 'Change to Free' })
  await dialog.getByText('22 → 102').waitFor()
  await photograph(page, 'components-change')
  expect(await seriousBarriers(page.mainFrame())).toEqual([])
  await dialog.getByRole('button', { name: 'Not now' }).click()
  await dialog.waitFor({ state: 'hidden' })
})

test('a chart tells its bars by keyboard, pointer and touch', async () => {
  const { page, complaints } = await openPage({ hasTouch: true })
  const chart = page.getByRole('region', { name: 'chart' })
  const plot = chart.getByRole('group', { name: 'Characters' })
  await plot.focus()
  await page.keyboard.press('End')
  const told = plot.getByRole('status')
  await told.getByText('Sun, Jan 18: 4, 4.5 credits').waitFor()
  await page.keyboard.press('ArrowLeft')
  await told.getByText('Sat, Jan 17: 12, 12.5 credits').waitFor()
  await photograph(page, 'components-chart')
  await page.keyboard.press('Escape')
  await plot.locator('.florin-chart-tip').waitFor({ state: 'detached' })

  const bars = await plot.locator('.florin-chart-bars').boundingBox()
  if (!bars) throw new Error('no bars')
  await page.touchscreen.tap(bars.x + 2, bars.y + bars.height / 2)
  await told.getByText('Sat, Dec 20: 3, 3.5 credits').waitFor()
  expect(complaints).toEqual([])
})

/** The page, and what its policy or its scripts complained about. */
async function openPage(look: BrowserContextOptions): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1180, height: 860 }, locale: 'en-US', ...look })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await page.getByRole('heading', { name: 'Components' }).waitFor()
  return { page, complaints }
}
