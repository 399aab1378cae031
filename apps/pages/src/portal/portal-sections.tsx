import type { ComponentType } from 'react'
import { InvoicesSection } from './sections/invoices/invoices-section.tsx'
import { OverviewSection } from './sections/overview/overview-section.tsx'
import { PaymentMethodsSection } from './sections/payment-methods/payment-methods-section.tsx'
import { PlanSection } from './sections/plan/plan-section.tsx'
import { TopUpsSection } from './sections/top-ups/top-ups-section.tsx'
import { UsageSection } from './sections/usage/usage-section.tsx'

export type PortalSection = {
  /** The route below `/portal/:token`; the first section's is the root itself. */
  path: string
  label: string
  /** Of an icon of 20 × 20, drawn in strokes. */
  icon: string
  Section: ComponentType
}

/** What the portal has, in the order of its navigation. A section begins with a `<SectionHeading>`. */
export const PORTAL_SECTIONS: readonly PortalSection[] = [
  { path: '', label: 'Overview', icon: 'M3 10.5 10 4l7 6.5M5 9v7.5h10V9', Section: OverviewSection },
  {
    path: 'plan',
    label: 'Plan',
    icon: 'M10 3 3 6.5l7 3.5 7-3.5zM3 10l7 3.5 7-3.5M3 13.5 10 17l7-3.5',
    Section: PlanSection,
  },
  { path: 'usage', label: 'Usage', icon: 'M3 16.5h14M5.5 13.5v-4M10 13.5V4.5M14.5 13.5v-6', Section: UsageSection },
  {
    path: 'top-ups',
    label: 'Top-ups',
    icon: 'M10 4v12M4 10h12',
    Section: TopUpsSection,
  },
  {
    path: 'invoices',
    label: 'Invoices',
    icon: 'M5 3h7l3 3v11H5zM8 9.5h4M8 12.5h4',
    Section: InvoicesSection,
  },
  {
    path: 'payment-methods',
    label: 'Payment methods',
    icon: 'M2.5 6.5A1.5 1.5 0 0 1 4 5h12a1.5 1.5 0 0 1 1.5 1.5v7A1.5 1.5 0 0 1 16 15H4a1.5 1.5 0 0 1-1.5-1.5zM2.5 8.5h15',
    Section: PaymentMethodsSection,
  },
]
