import { builder } from '../../graphql/builder.ts'
import { viewerOf } from '../../graphql/context.ts'
import { type EmailKind, type EmailSettings, readEmailSettings } from './read-email-settings.ts'
import { setEmailSettings } from './set-email-settings.ts'

const EmailKindEnum = builder.enumType('EmailKind', {
  values: {
    RECEIPT: { description: 'A payment was made; with the invoice.' },
    PAYMENT_FAILED: { description: 'A payment without the customer failed: why, and what they can do.' },
    LOW_BALANCE: { description: 'A balance fell to one of its alerts.' },
    TRIAL_ENDING: { description: 'A trial ends in three days.' },
  } satisfies Record<EmailKind, { description: string }>,
})

const EmailSettingsRef = builder.objectRef<EmailSettings>('EmailSettings').implement({
  description: 'Which e-mails customers get.',
  fields: (t) => ({
    kinds: t.field({ type: [EmailKindEnum], description: 'All, unless set.', resolve: ({ kinds }) => [...kinds] }),
    replyTo: t.exposeString('replyTo', {
      nullable: true,
      description: "Where answers go; null: to the brand's supportEmail, if there is one.",
    }),
  }),
})

const EmailSettingsInput = builder.inputType('EmailSettingsInput', {
  description: 'Left out: stays; null: as it was at first.',
  fields: (t) => ({ kinds: t.field({ type: [EmailKindEnum] }), replyTo: t.string() }),
})

builder.queryFields((t) => ({
  emailSettings: t.field({
    access: 'secret',
    type: EmailSettingsRef,
    resolve: (_, __, context) => readEmailSettings(context.app.database, viewerOf(context).project),
  }),
}))

builder.mutationFields((t) => ({
  setEmailSettings: t.field({
    access: 'secret',
    type: EmailSettingsRef,
    description: 'Which e-mails customers get, and where their answers go.',
    args: { input: t.arg({ type: EmailSettingsInput, required: true }) },
    resolve: (_, { input }, context) => setEmailSettings(context.app, viewerOf(context).project, input),
  }),
}))
