import { builder } from '../../graphql/builder.ts'
import { viewerOf } from '../../graphql/context.ts'
import { checkFirst, connectionOf, pageOf, readCursor, toPage } from '../../graphql/page.ts'
import { nowOf } from '../../platform/clock.ts'
import { publicId } from '../../platform/ids.ts'
import { findCustomer } from '../accounts/read-customer.ts'
import { createWallet } from './create-wallet.ts'
import { describeCause } from './describe-cause.ts'
import { grantCredits } from './grant-credits.ts'
import type { GrantState } from './grant-state.ts'
import { readGrants } from './read-grants.ts'
import { type EntryView, readLedger } from './read-ledger.ts'
import { readWallets, type WalletView } from './read-wallets.ts'
import { voidGrant } from './void-grant.ts'

export const GrantKindEnum = builder.enumType('GrantKind', {
  values: ['ALLOWANCE', 'ROLLOVER', 'PROMOTIONAL', 'PREPAID', 'COMMITTED'] as const,
})

const LedgerEntryKindEnum = builder.enumType('LedgerEntryKind', {
  values: [
    'GRANT',
    'DRAW',
    'HOLD',
    'RELEASE',
    'EXPIRE',
    'VOID',
    'ROLLOVER',
    'REVERSE',
    'OVERAGE',
    'UNCOVERED',
  ] as const,
})

const GrantEndEnum = builder.enumType('GrantEnd', {
  values: { EXPIRED: { value: 'EXPIRE' }, VOIDED: { value: 'VOID' } } as const,
})

export const WalletRef = builder.objectRef<WalletView>('Wallet').implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => publicId('wal', id) }),
    name: t.exposeString('name'),
    creditType: t.exposeString('creditType'),
    priority: t.exposeInt('priority'),
    available: t.expose('available', { type: 'Decimal' }),
    metadata: t.expose('metadata', { type: 'JSON', nullable: true }),
  }),
})

export const GrantRef = builder.objectRef<GrantState>('Grant').implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => publicId('gr', id) }),
    wallet: t.field({
      type: WalletRef,
      resolve: async ({ id }, _, context) => {
        const { walletId, customerPk } = await context.app.readGrantDetail(id)
        const wallets = await readWallets(context.app, viewerOf(context).project, customerPk)
        return wallets.find((wallet) => wallet.id === walletId) as WalletView
      },
    }),
    creditType: t.string({
      resolve: async ({ creditType }, _, context) =>
        (await context.app.catalog.read(viewerOf(context).project.id)).creditTypesByPk.get(creditType)?.code ?? '',
    }),
    kind: t.expose('kind', { type: GrantKindEnum }),
    amount: t.expose('amount', { type: 'Decimal' }),
    remaining: t.expose('remaining', { type: 'Decimal' }),
    held: t.expose('held', { type: 'Decimal', description: 'Reserved by open holds.' }),
    frozen: t.field({
      type: 'Decimal',
      description: 'Kept back while the payment that bought it is in dispute.',
      // Answers of older versions, which repeated keys still get, don't have it.
      resolve: ({ frozen }) => frozen ?? '0',
    }),
    owed: t.field({
      type: 'Decimal',
      description: 'Spent, and then refunded: a debt that the next credits that are paid for settle first.',
      resolve: ({ owed }) => owed ?? '0',
    }),
    ended: t.field({
      type: GrantEndEnum,
      nullable: true,
      description: 'How it ended before all of it was spent: what comes back to it then leaves the same way.',
      resolve: ({ ended }) => ended ?? null,
    }),
    priority: t.exposeInt('priority'),
    effectiveAt: t.expose('effectiveAt', { type: 'DateTime' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true }),
    appliesTo: t.field({
      type: ['String'],
      description: 'Meters that may draw on it; empty: all.',
      resolve: async ({ appliesTo }, _, context) => {
        const { metersByPk } = await context.app.catalog.read(viewerOf(context).project.id)
        return appliesTo.map((pk) => metersByPk.get(pk)?.code ?? '')
      },
    }),
    metadata: t.field({
      type: 'JSON',
      nullable: true,
      resolve: async ({ id }, _, { app }) => (await app.readGrantDetail(id)).metadata,
    }),
  }),
})

const LedgerEntryRef = builder.objectRef<EntryView>('LedgerEntry').implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ pk }) => String(pk) }),
    creditType: t.exposeString('creditType'),
    grantId: t.id({ nullable: true, resolve: ({ grantId }) => (grantId ? publicId('gr', grantId) : null) }),
    kind: t.expose('kind', { type: LedgerEntryKindEnum }),
    amount: t.expose('amount', { type: 'Decimal', description: 'Signed change of the available balance.' }),
    availableAfter: t.expose('availableAfter', { type: 'Decimal' }),
    version: t.expose('version', { type: 'SafeInt' }),
    effectiveAt: t.expose('effectiveAt', { type: 'DateTime' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    cause: t.field({
      type: 'JSON',
      description:
        'What caused it: a usage event, a hold, a subscription period, a payment, an operator, with its id and a sentence that a person can read.',
      resolve: async (entry, _, context) => {
        const { meters } = await context.app.catalog.read(viewerOf(context).project.id)
        return describeCause(entry, (code) => meters.get(code)?.name ?? code)
      },
    }),
  }),
})

export const LedgerEntryConnection = connectionOf('LedgerEntry', LedgerEntryRef)

const CreateWalletInput = builder.inputType('CreateWalletInput', {
  description: 'Smaller priority numbers are drawn first, here and for grants.',
  fields: (t) => ({
    customerId: t.id({ required: true }),
    creditType: t.string({ required: true }),
    name: t.string({ required: true }),
    priority: t.int({ defaultValue: 100 }),
    metadata: t.field({ type: 'JSON' }),
  }),
})

const GrantCreditsInput = builder.inputType('GrantCreditsInput', {
  fields: (t) => ({
    customerId: t.id({ required: true }),
    creditType: t.string({ required: true }),
    amount: t.field({ type: 'Decimal', required: true }),
    kind: t.field({ type: GrantKindEnum, required: true, defaultValue: 'PROMOTIONAL' }),
    walletId: t.id(),
    priority: t.int({ defaultValue: 100 }),
    effectiveAt: t.field({ type: 'DateTime' }),
    expiresAt: t.field({ type: 'DateTime' }),
    appliesTo: t.stringList(),
    metadata: t.field({ type: 'JSON' }),
    idempotencyKey: t.string({ required: true }),
  }),
})

const GrantConnection = connectionOf('Grant', GrantRef)

builder.queryFields((t) => ({
  grants: t.field({
    access: 'customer',
    type: GrantConnection,
    description:
      'All that were ever given to the customer, newest first; `balances` has those that can still be spent.',
    args: {
      customerId: t.arg.id({ required: true }),
      first: t.arg.int({ defaultValue: 20 }),
      after: t.arg.string(),
    },
    resolve: async (_, { customerId, first, after }, context) => {
      const { project } = viewerOf(context)
      const { pk } = await findCustomer(context.app.database, project, customerId)
      const query = { customerPk: pk, at: nowOf(project) }
      return pageOf({ first, after }, (page) => readGrants(context.app.database, { ...query, ...page }))
    },
  }),
  ledger: t.field({
    access: 'customer',
    type: LedgerEntryConnection,
    description: 'Newest first.',
    args: {
      customerId: t.arg.id({ required: true }),
      creditType: t.arg.string(),
      first: t.arg.int({ defaultValue: 50 }),
      after: t.arg.string(),
    },
    resolve: async (_, { customerId, creditType, first, after }, context) => {
      const { pk } = await findCustomer(context.app.database, viewerOf(context).project, customerId)
      const size = checkFirst(first, 50)
      const cursor = readCursor(after, /^\d+$/)
      const before = cursor === null ? null : BigInt(cursor)
      const query = { customerPk: pk, creditType: creditType ?? null, take: size + 1, before }
      return toPage(
        await readLedger(context.app.database.prisma, query),
        size,
        (entry) => String(entry.pk),
        (entry) => entry,
      )
    },
  }),
}))

builder.mutationFields((t) => ({
  createWallet: t.field({
    access: 'secret',
    type: WalletRef,
    args: { input: t.arg({ type: CreateWalletInput, required: true }) },
    resolve: (_, { input }, context) => createWallet(context.app, viewerOf(context).project, input),
  }),
  grantCredits: t.field({
    access: 'secret',
    type: GrantRef,
    args: { input: t.arg({ type: GrantCreditsInput, required: true }) },
    resolve: (_, { input }, context) => grantCredits(context.app, viewerOf(context).project, input),
  }),
  voidGrant: t.field({
    access: 'secret',
    type: GrantRef,
    args: { grantId: t.arg.id({ required: true }), idempotencyKey: t.arg.string({ required: true }) },
    resolve: (_, args, context) => voidGrant(context.app, viewerOf(context).project, args),
  }),
}))
