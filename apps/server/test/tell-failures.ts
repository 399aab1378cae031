import { afterEach } from 'vitest'

// What the server logged when a test failed, for whoever reads of it elsewhere.

const AT_MOST = 20
const logs: (readonly string[])[] = []

/** Called with the lines of each Florin that a test starts. */
export function rememberLog(lines: readonly string[]): void {
  logs.push(lines)
}

/** Installed by vitest's configuration; a stack outside of vitest tells nothing. */
export function tellFailures(): void {
  afterEach(({ task }) => {
    if (task.result?.state !== 'fail') return
    for (const [index, lines] of logs.entries()) {
      const warnings = lines.filter((line) => /"level":[4-6]0/.test(line)).slice(-AT_MOST)
      const last = lines.slice(-AT_MOST)
      process.stderr.write(
        `\nflorin: process ${index + 1} when “${task.name}” failed: its last ${warnings.length} warnings\n${warnings.join('')}and last ${last.length} lines\n${last.join('')}\n`,
      )
    }
  })
}
