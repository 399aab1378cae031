import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { billingTable, codeLines } from './billing-lines.ts'
import { listFiles } from './source.ts'

describe('the examples say how many lines their billing takes', () => {
  it.each(['character-generator', 'canvas'])('%s', (name) => {
    const folder = fileURLToPath(new URL(`../../examples/${name}`, import.meta.url))
    const paths = listFiles(folder).filter((path) => /\.tsx?$/.test(path))
    const files = new Map(paths.map((path) => [path, readFileSync(`${folder}/${path}`, 'utf8')]))
    expect(readFileSync(`${folder}/README.md`, 'utf8')).toContain(billingTable(files))
  })
})

describe('a line counts', () => {
  it.each([
    ['const a = 1\n\nconst b = 2\n', 2],
    [`import { a } from './a.ts'\nimport {\n  b,\n} from './b.ts'\na(b)\n`, 1],
    ['// why\na()\n/** what\n * for */\nb() // how\n', 2],
    ['const text = `\n// not a comment\n`\n', 3],
  ])('where it says something: %j', (text, lines) => expect(codeLines('a.ts', text)).toHaveLength(lines))

  it('elsewhere, where it calls the two files', () => {
    const files = new Map([
      ['server/billing.ts', 'export const connectBilling = () => 1\n'],
      ['server/routes.ts', `import { connectBilling } from './billing.ts'\n// billing\nbilling.charge()\nother()\n`],
      ['src/billing.tsx', 'export const Plans = () => null\n'],
      ['src/app.tsx', `import { Plans } from './billing.tsx'\nconst a = <Plans />\nconst b = <PlansNot />\n`],
    ])
    expect(billingTable(files).match(/\d+(?= \|$)/gm)).toEqual(['1', '1', '1', '1', '4'])
  })
})
