import { builder } from '../../graphql/builder.ts'
import { viewerOf } from '../../graphql/context.ts'
import { connectionOf, pageOf } from '../../graphql/page.ts'
import { nowOf } from '../../platform/clock.ts'
import { publicId } from '../../platform/ids.ts'
import { findCustomer } from '../accounts/read-customer.ts'
import { InvoiceRef } from '../invoices/graphql.ts'
import { readInvoice } from '../invoices/read-invoices.ts'
import { GrantRef } from '../ledger/graphql.ts'
import { readGrant } from '../ledger/read-grants.ts'
import { cancelCommitment } from './cancel-commitment.ts'
import { createCommitment } from './create-commitment.ts'
import { type CommitmentView, commitmentView, readCommitments } from './read-commitments.ts'

const CommitmentKindEnum = builder.enumType('CommitmentKind', { values: ['CREDITS', 'MONEY'] as const })

const CommitmentStatusEnum = builder.enumType('CommitmentStatus', {
  values: ['UPCOMING', 'ACTIVE', 'ENDED', 'CANCELED'] as const,
})

export const CommitmentRef = builder.objectRef<CommitmentView>('Commitment').implement({
  description:
    'A contract over a term: credits at a price each, or a minimum spend. What is missing at its end is invoiced. Amounts are credits, or money in `currency`.',
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => publicId('com', id) }),
    name: t.exposeString('name'),
    kind: t.expose('kind', { type: CommitmentKindEnum }),
    creditType: t.string({
      nullable: true,
      resolve: async ({ creditTypePk }, _, context) => {
        const { creditTypesByPk } = await context.app.catalog.read(viewerOf(context).project.id)
        return creditTypesByPk.get(creditTypePk ?? -1)?.code
      },
    }),
    currency: t.exposeString('currency'),
    unitPrice: t.expose('unitPrice', { type: 'Decimal', nullable: true, description: 'Of a credit.' }),
    committed: t.expose('committed', { type: 'Decimal' }),
    drawn: t.expose('drawn', {
      type: 'Decimal',
      description: 'Credits drawn, or money invoiced in the term. Held credits are not drawn yet.',
    }),
    shortfall: t.expose('shortfall', {
      type: 'Decimal',
      description: 'What it lacks, as if it ended now: neither drawn nor taken back by an operator.',
    }),
    pace: t.expose('pace', {
      type: 'Decimal',
      description: 'What would have been drawn by now if it were drawn evenly over the term.',
    }),
    status: t.expose('status', { type: CommitmentStatusEnum }),
    startsAt: t.expose('startsAt', { type: 'DateTime' }),
    endsAt: t.expose('endsAt', { type: 'DateTime' }),
    grant: t.field({
      type: GrantRef,
      nullable: true,
      description: 'The credits, of kind COMMITTED.',
      resolve: ({ grant, grantId }, _, { app }) => grant ?? (grantId ? readGrant(app.database, grantId) : null),
    }),
    invoice: t.field({
      type: InvoiceRef,
      nullable: true,
      description: 'The one that settled it; null before its end, and where nothing was to be paid.',
      resolve: ({ invoiceId }, _, { app }) => (invoiceId ? readInvoice(app.database, invoiceId) : null),
    }),
  }),
})

const CommitmentConnection = connectionOf('Commitment', CommitmentRef)

const CommittedCreditsInput = builder.inputType('CommittedCreditsInput', {
  fields: (t) => ({
    creditType: t.string({ required: true }),
    amount: t.field({ type: 'Decimal', required: true }),
    unitPrice: t.field({ type: 'Decimal', required: true, description: 'Of a credit. Invoiced at the end, once.' }),
    currency: t.string({ description: "Left out: the customer's, else USD." }),
    appliesTo: t.stringList({ description: 'Meters that may draw on them; left out: all.' }),
    priority: t.int({ defaultValue: 100 }),
    walletId: t.id(),
  }),
})

const CommittedMoneyInput = builder.inputType('CommittedMoneyInput', {
  fields: (t) => ({
    amount: t.field({ type: 'Decimal', required: true }),
    currency: t.string({ required: true }),
  }),
})

const CreateCommitmentInput = builder.inputType('CreateCommitmentInput', {
  description: 'Exactly one of `credits` and `money`.',
  fields: (t) => ({
    customerId: t.id({ required: true }),
    name: t.string({ required: true, description: 'The customer reads it on the invoice.' }),
    startsAt: t.field({ type: 'DateTime', description: 'Left out: now.' }),
    endsAt: t.field({ type: 'DateTime', required: true }),
    credits: t.field({ type: CommittedCreditsInput }),
    money: t.field({
      type: CommittedMoneyInput,
      description: 'The least that is invoiced in the term: without a tax that comes on top, less what is credited.',
    }),
    idempotencyKey: t.string({ required: true }),
  }),
})

builder.queryFields((t) => ({
  commitments: t.field({
    access: 'customer',
    type: CommitmentConnection,
    description: 'Newest first, those that have ended too.',
    args: {
      customerId: t.arg.id({ required: true }),
      first: t.arg.int({ defaultValue: 20 }),
      after: t.arg.string(),
    },
    resolve: async (_, { customerId, first, after }, context) => {
      const { project } = viewerOf(context)
      const { pk } = await findCustomer(context.app.database, project, customerId)
      return pageOf({ first, after }, async (page) => {
        const commitments = await readCommitments(context.app.database, { customerPk: pk, ...page })
        return commitments.map((commitment) => commitmentView(commitment, nowOf(project)))
      })
    },
  }),
}))

builder.mutationFields((t) => ({
  createCommitment: t.field({
    access: 'secret',
    type: CommitmentRef,
    description:
      'Commits a customer to credits, granted for the term and paid for at its end, drawn or not; or to a minimum spend. The invoice is charged to the payment method on file, else it waits on its page.',
    args: { input: t.arg({ type: CreateCommitmentInput, required: true }) },
    resolve: (_, { input }, context) => createCommitment(context.app, viewerOf(context).project, input),
  }),
  cancelCommitment: t.field({
    access: 'secret',
    type: CommitmentRef,
    description: 'Ends it now and invoices the whole shortfall. One that has not begun is called off: nothing is owed.',
    args: { commitmentId: t.arg.id({ required: true }), idempotencyKey: t.arg.string({ required: true }) },
    resolve: (_, args, context) => cancelCommitment(context.app, viewerOf(context).project, args),
  }),
}))
