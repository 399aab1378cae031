// Days of the calendar in a time zone, as "2026-11-26", and the instants at which they begin.

const DAY_MS = 86_400_000

export type LocalDay = string

export function dayOf(instant: number, timeZone: string): LocalDay {
  const { year, month, day } = partsOf(instant, timeZone)
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}`
}

export function addDays(day: LocalDay, count: number): LocalDay {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10)
}

/** How many days from one to the other. */
export function daysBetween(from: LocalDay, to: LocalDay): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS)
}

/** Whether a text is a day that there is. */
export function isDay(text: string): boolean {
  const instant = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text)
}

/** The instant at which a day begins; where the clocks skip its midnight, the first instant after it. */
export function startOf(day: LocalDay, timeZone: string): number {
  const wall = Date.parse(`${day}T00:00:00Z`)
  // The offset changes at most once around a midnight, so one of these two is right.
  const candidates = [wall - DAY_MS, wall + DAY_MS].map((near) => wall - offsetAt(near, timeZone)).sort((a, b) => a - b)
  return candidates.find((instant) => dayOf(instant, timeZone) === day) ?? wall
}

/** Milliseconds that the wall clock is ahead of UTC. */
function offsetAt(instant: number, timeZone: string): number {
  const { year, month, day, hour, minute, second } = partsOf(instant, timeZone)
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000
}

function partsOf(instant: number, timeZone: string) {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const parts = Object.fromEntries(
    format.formatToParts(new Date(instant)).map(({ type, value }) => [type, Number(value)]),
  )
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts
  return { year, month, day, hour, minute, second }
}

const pad = (number: number, length = 2) => String(number).padStart(length, '0')
