import { configure, getConfig } from '@testing-library/react'
import { createElement } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'

// React runs the effects of what it has drawn a moment later, on a busy machine so late that a test which waited for a
// heading would look at them too early. So what is waited for has its effects behind it. Loaded before a test that draws.

const elsewhere = createRoot(document.createElement('div'))
let drawings = 0

/** React finishes the effects that are due, of all roots, before it draws anything else. */
function finishEffects(): void {
  flushSync(() => elsewhere.render(createElement('i', null, drawings++)))
}

const { asyncWrapper } = getConfig()
configure({
  // What is going to appear is waited for longer than a busy machine takes.
  asyncUtilTimeout: 20_000,
  asyncWrapper: (wait) =>
    asyncWrapper(async () => {
      const found = await wait()
      finishEffects()
      // What the effects have changed is drawn, and has its effects too.
      await new Promise((resolve) => setImmediate(resolve))
      finishEffects()
      return found
    }),
})
