import { dice, pick } from './dice.ts'

/** Sky above and below, sun, the hills from far to near. */
const PALETTES = [
  ['#fbd9b0', '#f08a6b', '#fff3d6', '#c8606a', '#8d4468', '#4d2b55'],
  ['#cfe9f5', '#7db9de', '#fffdf0', '#5c97b8', '#3a6f8f', '#1f4560'],
  ['#e3f1d3', '#a9d6a5', '#fff7c9', '#6fb08a', '#3f8271', '#1f5153'],
  ['#2b2d5b', '#6b4f8f', '#f6e7ff', '#513f78', '#3a2f5f', '#211c40'],
  ['#fde2e4', '#cdb4db', '#ffffff', '#a893c9', '#7f74ae', '#4f4d82'],
] as const

/** A landscape as an SVG document. `hour` from 0 to 1: the sun crosses the sky, and hills and birds drift. */
export function drawScene(seed: string, hour: number): string {
  const roll = dice(seed)
  const [high, low, sun, far, middle, near] = pick(PALETTES, roll(0))
  const x = Math.round(24 + hour * 272)
  const y = Math.round(84 - Math.sin(hour * Math.PI) * 52)
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180">',
    `<defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="${high}"/><stop offset=".8" stop-color="${low}"/></linearGradient></defs>`,
    '<rect width="320" height="180" fill="url(#sky)"/>',
    `<circle cx="${x}" cy="${y}" r="34" fill="${sun}" opacity=".25"/><circle cx="${x}" cy="${y}" r="20" fill="${sun}"/>`,
    hills(far, 96, 22, roll(1), hour * 6),
    hills(middle, 122, 18, roll(2), hour * 14),
    house(roll(4), hour * 14, near),
    hills(near, 150, 12, roll(3), hour * 26),
    birds(roll(5), hour * 90, near),
    '</svg>',
  ].join('')
}

function hills(fill: string, height: number, wave: number, turn: number, drift: number): string {
  const points = Array.from({ length: 41 }, (_, index) => {
    const angle = (index * 8 + drift) / 38 + turn
    return `${index * 8} ${(height - Math.sin(angle) * wave - Math.sin(angle * 2.3 + turn) * wave * 0.4).toFixed(1)}`
  })
  return `<path d="M0 180L${points.join('L')}L320 180z" fill="${fill}"/>`
}

function house(place: number, drift: number, fill: string): string {
  const x = 60 + (place % 190) - drift
  return `<path d="M${x} 150v-24l14-13 14 13v24z" fill="${fill}"/><path d="M${x + 10} 128h8v9h-8z" fill="#ffd98a"/>`
}

function birds(place: number, drift: number, stroke: string): string {
  const x = 20 + (place % 120) + drift
  const bird = (dx: number, dy: number) => `M${x + dx} ${40 + dy}q5-6 9 0q4-6 9 0`
  return `<path d="${bird(0, 0)}${bird(26, 10)}${bird(44, -4)}" fill="none" stroke="${stroke}" stroke-width="2" stroke-linecap="round"/>`
}
