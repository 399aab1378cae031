/** `Nov 26, 2026`, a day where the customer is. */
export function formatDay(instant: string, timeZone: string, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone }).format(new Date(instant))
}

/** `today`, `tomorrow`, `in 5 days`, `3 days ago`: counted in days of the calendar where the customer is. */
export function relativeDay(instant: string, now: number, timeZone: string, locale?: string): string {
  const days = dayNumber(Date.parse(instant), timeZone) - dayNumber(now, timeZone)
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  if (Math.abs(days) < 60) return words.format(days, 'day')
  return Math.abs(days) < 730
    ? words.format(Math.trunc(days / 30), 'month')
    : words.format(Math.trunc(days / 365), 'year')
}

/** Days since 1970 of the local date that an instant falls on. */
function dayNumber(instant: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  return Math.round(Date.parse(`${parts.format(new Date(instant))}T00:00:00Z`) / 86_400_000)
}
