import { parseSync } from 'oxc-parser'

const SERVER = 'server/billing.ts'
const BROWSER = 'src/billing.tsx'

/** What billing takes in an example, as its README shows it: the two files that are about it, and who calls them. */
export function billingTable(files: ReadonlyMap<string, string>): string {
  const codeOf = (path: string) => codeLines(path, files.get(path) ?? '')
  const calls = (where: RegExp, what: RegExp) =>
    [...files.keys()]
      .filter((path) => where.test(path) && path !== SERVER && path !== BROWSER)
      .flatMap(codeOf)
      .filter((line) => what.test(line)).length
  const exported = [...(files.get(BROWSER) ?? '').matchAll(/^export (?:function|const) (\w+)/gm)].map(
    ([, name]) => name,
  )
  const counts = [
    ['Server', `[\`${SERVER}\`](${SERVER})`, codeOf(SERVER).length],
    ['', 'lines elsewhere that say `billing`', calls(/^(main|server\/.*)\.ts$/, /\bbilling\b/i)],
    ['Browser', `[\`${BROWSER}\`](${BROWSER})`, codeOf(BROWSER).length],
    ['', 'lines elsewhere that use it', calls(/^src\//, new RegExp(`\\b(${exported.join('|')})\\b`))],
  ] as const
  const rows = counts.map(([side, what, lines]) => `| ${side} | ${what} | ${lines} |`)
  const total = counts.reduce((sum, [, , lines]) => sum + lines, 0)
  return ['| | | Lines |', '|---|---|---|', ...rows, `| Together | | ${total} |`].join('\n')
}

/** The lines that say something: without imports, comments and blanks. */
export function codeLines(path: string, text: string): string[] {
  const { program, comments, errors } = parseSync(path, text)
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`)
  const imports = program.body.filter(({ type }) => type === 'ImportDeclaration')
  const silent = [...comments, ...imports].sort((a, b) => b.start - a.start)
  const code = silent.reduce((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text)
  return code.split('\n').filter((line) => line.trim() !== '')
}
