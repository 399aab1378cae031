import type { Brand } from './brand.ts'

/** Where the seller's terms are, and who helps: nothing where nothing was said. In an overlay they open beside it. */
export function BrandLinks({ brand }: { brand: Brand }) {
  const { termsUrl, privacyUrl, supportUrl, supportEmail } = brand
  const links = [
    { label: 'Terms', href: termsUrl },
    { label: 'Privacy', href: privacyUrl },
    { label: 'Help', href: supportUrl },
    { label: supportEmail, href: supportEmail && `mailto:${supportEmail}` },
  ].filter(({ href }) => href)
  if (links.length === 0) return null
  return (
    <ul className="brand-links">
      {links.map(({ label, href }) => (
        <li key={href}>
          <a href={href ?? undefined} target="_blank" rel="noreferrer">
            {label}
          </a>
        </li>
      ))}
    </ul>
  )
}
