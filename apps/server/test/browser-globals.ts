import { builtinEnvironments } from 'vitest/runtime'

// A browser's globals around a test that runs the server as well. Vitest's own jsdom environment would load the server's
// modules as for a browser, where they have no files; so this is imported first instead. What Node has as well stays
// Node's, for the server's sake (jsdom's Uint8Array is none that a signature takes), but for the events of the page.
const EVENTS: ReadonlySet<string> = new Set(['Event', 'EventTarget', 'MessageEvent', 'CustomEvent'])

const ofNode = Object.entries(Object.getOwnPropertyDescriptors(globalThis))
await builtinEnvironments.jsdom.setup(globalThis, { jsdom: { url: 'http://localhost:3000' } })
for (const [name, descriptor] of ofNode) {
  if (!EVENTS.has(name)) Object.defineProperty(globalThis, name, descriptor)
}
await import('../../../packages/sdk/test-peer/drawn.ts')
