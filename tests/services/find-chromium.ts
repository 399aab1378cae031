import { chromium, requirePrograms } from './programs.ts'

/** Tells the browser's tests where Chromium is. @throws with the command that installs it. */
export default function findChromium(): void {
  const [path] = requirePrograms([chromium])
  process.env[chromium.variable] = path
}
