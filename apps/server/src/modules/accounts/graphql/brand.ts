import { builder } from '../../../graphql/builder.ts'
import { viewerOf } from '../../../graphql/context.ts'
import { type Brand, readBrand } from '../read-brand.ts'
import { setBrand } from '../set-brand.ts'

export const BrandRef = builder.objectRef<Brand>('Brand').implement({
  description: 'How a project looks to its customers: on pages, invoices and e-mails.',
  fields: (t) => ({
    name: t.exposeString('name', { description: "The project's unless set." }),
    logoUrl: t.string({
      nullable: true,
      description: 'An address that never shows another image.',
      resolve: ({ logo }, _, { app }) => logo && `${app.publicUrl}${logo.path}`,
    }),
    color: t.exposeString('color', { description: 'As #rrggbb.' }),
    onColor: t.exposeString('onColor', { description: '#000000 or #ffffff, whichever reads better on it.' }),
    colorOnLight: t.exposeString('colorOnLight', {
      description: 'The colour, darker as far as text on a light page needs it.',
    }),
    colorOnDark: t.exposeString('colorOnDark', {
      description: 'The colour, lighter as far as text on a dark page needs it. The opposite of a dark grey.',
    }),
    termsUrl: t.exposeString('termsUrl', { nullable: true }),
    privacyUrl: t.exposeString('privacyUrl', { nullable: true }),
    supportUrl: t.exposeString('supportUrl', { nullable: true }),
    supportEmail: t.exposeString('supportEmail', { nullable: true }),
  }),
})

const BrandInput = builder.inputType('BrandInput', {
  description: 'Left out: stays; null: removed.',
  fields: (t) => ({
    name: t.string({ description: '1 to 80 characters.' }),
    logo: t.string({ description: 'A data: URL of a PNG or JPEG of at most 256 kB, 16 to 1024 pixels a side.' }),
    color: t.string({ description: 'As #rrggbb.' }),
    termsUrl: t.string({ description: 'https://; in a sandbox http://localhost too.' }),
    privacyUrl: t.string({ description: 'https://; in a sandbox http://localhost too.' }),
    supportUrl: t.string({ description: 'https://; in a sandbox http://localhost too.' }),
    supportEmail: t.string(),
  }),
})

builder.queryFields((t) => ({
  brand: t.field({
    access: 'customer',
    type: BrandRef,
    description: "The project's, for pages of your own.",
    resolve: (_, __, context) => readBrand(context.app.database, viewerOf(context).project),
  }),
}))

builder.mutationFields((t) => ({
  setBrand: t.field({
    access: 'secret',
    type: BrandRef,
    description: 'Name, logo, colour and links that pages, invoices and e-mails show.',
    args: { input: t.arg({ type: BrandInput, required: true }) },
    resolve: (_, { input }, context) => setBrand(context.app, viewerOf(context).project, input),
  }),
}))
