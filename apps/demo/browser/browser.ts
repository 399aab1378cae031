import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { env } from 'node:process'
import { type Browser, chromium, type Frame, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { watchPages } from './open-pages.ts'

const ARTEFACTS = join(import.meta.dirname, '../artefacts')
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/**
 * The system's Chromium must call nobody; as root its own sandbox would need another account, and containers give
 * /dev/shm 64 MB.
 */
const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export async function launchBrowser(): Promise<Browser> {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath: env.CHROMIUM_PATH as string, args: [...FLAGS, ...asRoot] })
  watchPages(browser)
  return browser
}

/** A picture of this stage for whoever looks at the run afterwards. */
export async function photograph(page: Page, stage: string, { fullPage = false } = {}): Promise<void> {
  mkdirSync(ARTEFACTS, { recursive: true })
  await page.screenshot({ path: join(ARTEFACTS, `${stage}.png`), animations: 'disabled', fullPage })
}

type Violation = { id: string; impact: string | null; nodes: { html: string }[] }
type Axe = { run: (root: Document) => Promise<{ violations: Violation[] }> }

/** What shuts somebody out of a page or frame, as axe rates it. Evaluated, not added as a script: pages have policies. */
export async function seriousBarriers(frame: Frame): Promise<string[]> {
  await frame.evaluate(readFileSync(AXE, 'utf8'))
  const violations = await frame.evaluate(async () => {
    const { axe } = globalThis as typeof globalThis & { axe: Axe }
    return (await axe.run(document)).violations
  })
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

/** By day, by night and on a phone: a picture of each, nothing that shuts somebody out, nothing to scroll sideways. */
export async function look(page: Page, stage: string): Promise<void> {
  const wide = page.viewportSize() as { width: number; height: number }
  for (const [suffix, colorScheme, width] of [
    ['light', 'light', wide.width],
    ['dark', 'dark', wide.width],
    ['phone', 'light', 360],
  ] as const) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ ...wide, width })
    await photograph(page, `${stage}-${suffix}`)
    for (const frame of page.frames()) expect(await seriousBarriers(frame), `${stage} ${suffix}`).toEqual([])
    const needed = () => page.evaluate(() => document.documentElement.scrollWidth)
    await expect.poll(needed, { message: `${stage} ${suffix}` }).toBeLessThanOrEqual(width)
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(wide)
}

/** The frame of an overlay, whichever page it shows. */
export async function overlayFrame(page: Page): Promise<Frame> {
  const frame = await (await page.waitForSelector('iframe')).contentFrame()
  if (!frame) throw new Error('the overlay has no frame')
  return frame
}
