import { afterAll, afterEach } from 'vitest'
import { tellOpenPages } from './open-pages.ts'

// Before a file's own hooks close its pages: a red run elsewhere has to be understood from its output.

afterEach(({ task }) => {
  if (task.result?.state === 'fail') return tellOpenPages(task.name)
})
// biome-ignore lint/correctness/noEmptyPattern: vitest reads from it that no fixture is wanted
afterAll(({}, { name, result }) => {
  if (result?.state === 'fail') return tellOpenPages(`before the tests of ${name}`)
})
