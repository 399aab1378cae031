import { chromium, requireProgram } from './programs.ts'

/**
 * Flags for a browser that is tested: no call home, and as root no sandbox of its own, which needs another account.
 * `--disable-dev-shm-usage` because containers give /dev/shm 64 MB.
 */
export const chromiumFlags: readonly string[] = [
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
]

/** @throws with the command that installs it. */
export function chromiumPath(): string {
  return requireProgram(chromium)
}
