export { createStripeSandbox, type StripeSandbox, type StripeSandboxOptions } from './sandbox.ts'
export type { WebhookEndpoint } from './webhooks.ts'
