import { builtinEnvironments } from 'vitest/runtime'

/** A browser's globals around a test that also runs the server: modules load as Node's, where jsdom's own would be bundled. */
export default { ...builtinEnvironments.jsdom, name: 'jsdom-beside-server', viteEnvironment: 'ssr' }
