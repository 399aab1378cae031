import type { Page } from 'playwright-core'

// How the portal is used and looked at.

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
