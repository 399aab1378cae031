import { onColorOf, readableOn, turnedOver } from '../../platform/contrast.ts'
import type { Transaction } from '../../platform/database.ts'
import type { BrandTexts } from './check-brand.ts'
import type { Project } from './viewer.ts'

/** How a project looks to its customers, with what stands for things that it did not say. */
export interface Brand {
  readonly name: string
  readonly color: string
  readonly onColor: '#000000' | '#ffffff'
  /** Moved as far as text needs it on a light and on a dark page. */
  readonly colorOnLight: string
  readonly colorOnDark: string
  readonly logo: Logo | null
  readonly termsUrl: string | null
  readonly privacyUrl: string | null
  readonly supportUrl: string | null
  readonly supportEmail: string | null
}

export interface Logo {
  /** On this server: `/brand/<project>/logo-<hash>.png`. */
  readonly path: string
  readonly hash: string
  readonly width: number
  readonly height: number
}

// What a project has that chose no colour: Florin's own, picked by hand.
const FLORIN_COLORS: BrandColors = {
  color: '#0a6b4b',
  onColor: '#ffffff',
  colorOnLight: '#0a6b4b',
  colorOnDark: '#52d8a1',
}

/** What text in the brand's colour stands on, in pages and mails, by day and by night: card, well and paper. */
export const BACKGROUNDS = {
  light: ['#ffffff', '#faf9f6', '#f4f2ec'],
  dark: ['#171b18', '#1d221f', '#0e110f'],
} as const

type BrandColors = Pick<Brand, 'color' | 'onColor' | 'colorOnLight' | 'colorOnDark'>

export const colorsOf = (color: string): BrandColors => ({
  color,
  onColor: onColorOf(color),
  colorOnLight: readableOn(color, BACKGROUNDS.light),
  colorOnDark: readableOn(turnedOver(color), BACKGROUNDS.dark),
})

type Row = BrandTexts & {
  hash: string | null
  type: string | null
  width: number | null
  height: number | null
}

export async function readBrand(tx: Pick<Transaction, 'query'>, project: Pick<Project, 'id' | 'name'>): Promise<Brand> {
  const [row] = await tx.query<Row>(
    `select b.name, b.color, b.terms_url as "termsUrl", b.privacy_url as "privacyUrl", b.support_url as "supportUrl",
       b.support_email as "supportEmail", l.hash, l.type, l.width, l.height
     from brand b left join brand_logo l on l.project_id = b.project_id and l.hash = b.logo_hash
     where b.project_id = $1`,
    [project.id],
  )
  return {
    name: row?.name ?? project.name,
    ...(row?.color ? colorsOf(row.color) : FLORIN_COLORS),
    logo: row ? logoOf(project.id, row) : null,
    termsUrl: row?.termsUrl ?? null,
    privacyUrl: row?.privacyUrl ?? null,
    supportUrl: row?.supportUrl ?? null,
    supportEmail: row?.supportEmail ?? null,
  }
}

function logoOf(projectId: string, { hash, type, width, height }: Row): Logo | null {
  if (hash === null || type === null || width === null || height === null) return null
  return { path: `/brand/${projectId}/logo-${hash}.${type}`, hash, width, height }
}

/** The file of a logo, of today's or of one before it. */
export async function readLogoFile(
  tx: Pick<Transaction, 'query'>,
  projectId: string,
  hash: string,
): Promise<{ readonly type: 'png' | 'jpg'; readonly bytes: Buffer } | null> {
  const [row] = await tx.query<{ type: 'png' | 'jpg'; bytes: Buffer }>(
    `select type, bytes from brand_logo where project_id = $1 and hash = $2`,
    [projectId, hash],
  )
  return row ?? null
}
