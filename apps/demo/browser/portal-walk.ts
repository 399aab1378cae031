import type { Frame, Page } from 'playwright-core'
import { expect } from 'vitest'
import { photograph, seriousBarriers } from './browser.ts'

// How the portal is used and looked at.

export async function typeCard(page: Page | Frame, card: string): Promise<void> {
  await page.getByLabel('Card number').fill(card)
  await page.getByLabel('Expiry').fill('12 / 40')
  await page.getByLabel('CVC').fill('123')
  await page.getByLabel('Name on card').fill('Ada Lovelace')
  await page.getByRole('button', { name: /^(Pay|Save)/ }).click()
}

/** How high the bars stand, as shares of the highest; those of nothing left out. */
export async function heightsOf(page: Page): Promise<number[]> {
  const bars = await page
    .locator('.florin-chart-bar')
    .evaluateAll((all) => all.map((bar) => bar.getBoundingClientRect().height))
  const highest = Math.max(...bars)
  return bars.filter((height) => height > 0).map((height) => Math.round((height / highest) * 1000) / 1000)
}

/** As somebody without a mouse: from control to control until the one of that name has the focus. */
export async function tabTo(page: Page, label: string): Promise<void> {
  const control = page.getByLabel(label)
  for (let steps = 0; steps < 40; steps++) {
    if (await control.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`${label} can't be reached by the Tab key`)
}

/** By day, by night and on a phone: a picture of each, nothing that shuts somebody out, nothing to scroll sideways. */
export async function look(page: Page, name: string): Promise<void> {
  const wide = page.viewportSize() as { width: number; height: number }
  for (const [stage, colorScheme, width] of [
    ['light', 'light', wide.width],
    ['dark', 'dark', wide.width],
    ['phone', 'light', 360],
  ] as const) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ ...wide, width })
    await photograph(page, `${name}-${stage}`)
    expect(await seriousBarriers(page.mainFrame()), stage).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth), stage).toBeLessThanOrEqual(width)
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(wide)
}
