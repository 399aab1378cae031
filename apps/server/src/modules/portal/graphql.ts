import { builder } from '../../graphql/builder.ts'
import { viewerOf } from '../../graphql/context.ts'
import { BrandRef } from '../accounts/graphql/brand.ts'
import { CustomerTokenRef } from '../accounts/graphql.ts'
import { createPortalSession, type PortalSession } from './create-portal-session.ts'
import { createPortalToken } from './create-portal-token.ts'
import { type Portal, readPortal } from './read-portal.ts'

const PortalSessionRef = builder.objectRef<PortalSession>('PortalSession').implement({
  description: 'The way into the customer portal. Times are real time, also in a sandbox whose clock was moved.',
  fields: (t) => ({ url: t.exposeString('url'), expiresAt: t.expose('expiresAt', { type: 'DateTime' }) }),
})

const PortalRef = builder.objectRef<Portal>('Portal').implement({
  description: 'Whose portal a page shows. What is in it comes from the operations that its customer token may call.',
  fields: (t) => ({
    merchant: t.string({ description: "The brand's name.", resolve: ({ brand }) => brand.name }),
    brand: t.expose('brand', { type: BrandRef }),
    testMode: t.boolean({ resolve: ({ project }) => project.mode === 'SANDBOX' }),
    returnUrl: t.exposeString('returnUrl'),
    customerId: t.exposeID('customerId', { nullable: true, description: 'Null once the session is over.' }),
    customerName: t.exposeString('customerName', { nullable: true, description: 'Null once the session is over.' }),
    customerEmail: t.exposeString('customerEmail', { nullable: true, description: 'Null once the session is over.' }),
    timezone: t.exposeString('timezone', {
      description: "The customer's: days are days there. UTC once the session is over.",
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
    expired: t.exposeBoolean('expired', { description: "The session is over, or the customer's tokens were revoked." }),
  }),
})

builder.queryFields((t) => ({
  portal: t.field({
    access: 'public',
    type: PortalRef,
    nullable: true,
    description:
      "What the portal's page shows. The token in its address is the credential. Null: no session has it; one that is over says so.",
    args: { token: t.arg.string({ required: true }) },
    resolve: (_, { token }, { app }) => readPortal(app.database, token),
  }),
}))

builder.mutationFields((t) => ({
  createPortalSession: t.field({
    access: 'customer',
    type: PortalSessionRef,
    description:
      "A page where the customer manages their own billing, for 60 minutes. Whoever has its address may: give it to the customer's browser only. A customer has 20 of them at most: one more ends the oldest.",
    args: { customerId: t.arg.id({ required: true }), returnUrl: t.arg.string({ required: true }) },
    resolve: (_, input, context) => createPortalSession(context.app, viewerOf(context), input),
  }),
  createPortalToken: t.field({
    access: 'public',
    type: CustomerTokenRef,
    description:
      'A customer token for as long as a portal session lives, ten minutes at most. UNAUTHENTICATED once it is over.',
    args: { token: t.arg.string({ required: true }) },
    resolve: (_, { token }, { app }) => createPortalToken(app, token),
  }),
}))
