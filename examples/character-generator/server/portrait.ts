import { type Dice, pick } from './dice.ts'
import type { Calling } from './heroes.ts'

const SKIN = ['#f2c9a5', '#e0a97e', '#c68655', '#9a5f3a', '#6f4327', '#f6d8bf']
const HAIR = ['#2b2029', '#5a3320', '#a8552a', '#d9a441', '#8c8a94', '#e7e3da']
const CLOAK = ['#3f6fb5', '#2f8a6b', '#a1445a', '#7a4fb0', '#b56a2b', '#33707f']
const SKY = ['#cfe3f7', '#d8efdf', '#f7e3cf', '#e6dbf7', '#f7d9dd', '#d6eef0']

/** A bust in a few shapes: what is on the head says the calling. */
export function drawPortrait(calling: Calling, roll: Dice): string {
  const [skin, hair, cloak, sky] = [
    pick(SKIN, roll(10)),
    pick(HAIR, roll(11)),
    pick(CLOAK, roll(12)),
    pick(SKY, roll(13)),
  ]
  const smile = 66 + (roll(14) % 5)
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 120">',
    `<rect width="120" height="120" fill="${sky}"/>`,
    `<circle cx="${30 + (roll(15) % 60)}" cy="30" r="14" fill="#fff" opacity=".65"/>`,
    `<path d="M-10 120q22-26 52-22t78 2v20z" fill="${hair}" opacity=".14"/>`,
    calling === 'Rogue' || calling === 'Ranger' ? '' : `<path d="${LOCKS[roll(16) % LOCKS.length]}" fill="${hair}"/>`,
    `<path d="M16 120c2-26 20-34 44-34s42 8 44 34z" fill="${cloak}"/>`,
    `<path d="M50 74h20v14q-10 10-20 0z" fill="${skin}"/><path d="M50 78q10 8 20 0v4q-10 9-20 0z" opacity=".18"/>`,
    `<path d="M46 90q14 12 28 0l4 4q-18 16-36 0z" fill="#fff" opacity=".35"/>`,
    `<ellipse cx="60" cy="58" rx="21" ry="24" fill="${skin}"/>`,
    `<circle cx="52" cy="58" r="2.4" fill="#241b22"/><circle cx="68" cy="58" r="2.4" fill="#241b22"/>`,
    `<path d="M47 52q5-3 9 0M64 52q5-3 9 0" fill="none" stroke="${hair}" stroke-width="2" stroke-linecap="round"/>`,
    `<path d="M53 69q7 ${smile - 63} 14 0" fill="none" stroke="#5b2b2b" stroke-width="2" stroke-linecap="round"/>`,
    headOf(calling, hair, cloak),
    '</svg>',
  ].join('')
}

const LOCKS = [
  'M36 62q-4-36 24-36t24 36q4 22-4 30H40q-8-8-4-30z',
  'M37 60q-2-34 23-34t23 34l-4 8H41z',
  'M34 74q-4-48 26-48t26 48q0 8-6 6-40 6-42 0-4 0-4-6z',
]

function headOf(calling: Calling, hair: string, cloak: string): string {
  const fringe = `<path d="M38 54q2-24 22-24t22 24q-10-4-16-14-8 12-28 14z" fill="${hair}"/>`
  const hood = `<path fill-rule="evenodd" d="M28 100q-6-78 32-78t32 78q-12-4-14-14 8-12 6-30-6-22-24-22t-24 22q-2 18 6 30-2 10-14 14z" fill="${cloak}"/>`
  const heads: Record<Calling, string> = {
    Knight: `<path d="M36 60q-4-36 24-36t24 36l-6 12-2-16H64l-4 12-4-12H44l-2 16z" fill="#aeb7c4"/><path d="M57 24h6v32l-3 6-3-6z" fill="#8b95a5"/><path d="M60 24q-2-16 18-14-8 4-10 14z" fill="${cloak}"/>`,
    Wizard: `${fringe}<path d="M30 42q30 12 60 0l-6-8L66 4q-16 8-26 30z" fill="${cloak}"/><path d="M38 37q22 9 44 0l-2-6q-18 7-38 0z" fill="#f2c94c"/>`,
    Bard: `${fringe}<path d="M34 42q4-18 30-18t24 16q-26-6-54 2z" fill="${cloak}"/><path d="M80 36q2-20 18-26 0 18-14 28z" fill="#f2c94c"/>`,
    Healer: `${fringe}<ellipse cx="60" cy="18" rx="20" ry="6" fill="none" stroke="#f2c94c" stroke-width="4"/>`,
    Ranger: `${hood}<path d="M40 46q20-20 40 0-4-14-20-14t-20 14z" fill="${hair}"/>`,
    Rogue: `${hood}<path d="M39 53q21-7 42 0v8q-10 6-17-2h-8q-7 8-17 2z" fill="#2a2230"/><circle cx="52" cy="57" r="2.6" fill="#fff"/><circle cx="68" cy="57" r="2.6" fill="#fff"/>`,
  }
  return heads[calling]
}
