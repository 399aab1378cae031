/** The one style sheet of the sandbox's pages: no script, no font, no picture, light and dark. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #fff; --text: #1b1f27; --quiet: #5a6372; --line: #dce0e6; --edge: #858d9b;
  --accent: #3d4fd1; --on-accent: #fff; --danger: #b3261e; --danger-page: #fdecea; --banner: #fff3d1; --on-banner: #5c4300;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12151b; --card: #1b2029; --text: #e9ecf2; --quiet: #a2abba; --line: #343c4a; --edge: #768193;
    --accent: #98a5ff; --on-accent: #10142b; --danger: #ffb4ab; --danger-page: #3a1a18; --banner: #3a2f10; --on-banner: #ffe29a;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
.banner { margin: 0; padding: .5rem 1rem; background: var(--banner); color: var(--on-banner); font-size: .875rem; text-align: center; }
.columns { display: grid; gap: 1.5rem; }
.columns > * { min-width: 0; }
@media (min-width: 48rem) { .columns { grid-template-columns: 1fr 1fr; gap: 3rem; padding-top: 1.5rem; } }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem; }
.notice { max-width: 30rem; margin: 2rem auto; }
h1 { font-size: 1.125rem; font-weight: 600; margin: 0 0 .25rem; }
h2 { font-size: 1rem; margin: 0 0 1rem; }
a { color: var(--accent); }
.back { display: inline-block; margin-bottom: 1rem; }
.total { font-size: 2.25rem; font-weight: 650; margin: 0 0 1.25rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.lines { list-style: none; margin: 0; padding: 0; }
.lines li { display: flex; justify-content: space-between; gap: 1rem; padding: .625rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
.lines li:last-child { font-weight: 600; }
.amount { white-space: nowrap; font-variant-numeric: tabular-nums; }
.quiet, .hint { color: var(--quiet); font-size: .875rem; }
.field { margin-bottom: 1rem; }
.methods { margin: 0 0 1rem; padding: 0; border: 0; display: flex; flex-wrap: wrap; gap: .5rem; }
.methods legend { font-size: .875rem; font-weight: 550; margin-bottom: .25rem; padding: 0; }
.choice { flex: 1; display: flex; gap: .5rem; align-items: center; margin: 0; padding: .5rem .75rem; border: 1px solid var(--edge); border-radius: .5rem; white-space: nowrap; }
.choice:has(:checked) { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
.choice input { width: auto; margin: 0; }
.card:has([value=card]:checked) .of-account, .card:has([value=sepa_debit]:checked) .of-card { display: none; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
label { display: block; font-size: .875rem; font-weight: 550; margin-bottom: .25rem; }
input { width: 100%; padding: .625rem .75rem; font: inherit; color: inherit; background: var(--page); border: 1px solid var(--edge); border-radius: .5rem; }
input[aria-invalid=true] { border-color: var(--danger); }
button { font: inherit; cursor: pointer; }
.primary { width: 100%; padding: .75rem 1rem; font-weight: 600; color: var(--on-accent); background: var(--accent); border: 1px solid transparent; border-radius: .5rem; }
.secondary { width: 100%; margin-top: .75rem; padding: .75rem 1rem; color: var(--text); background: none; border: 1px solid var(--edge); border-radius: .5rem; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.problem { margin: 0 0 1rem; padding: .75rem 1rem; color: var(--danger); background: var(--danger-page); border: 1px solid var(--danger); border-radius: .5rem; }
.problem a { color: inherit; }
.tests { margin-top: 1.5rem; }
table { width: 100%; border-collapse: collapse; font-size: .875rem; }
caption { text-align: left; font-weight: 600; padding-bottom: .5rem; }
th { text-align: left; font-weight: 550; color: var(--quiet); }
th, td { padding: .375rem .5rem .375rem 0; border-top: 1px solid var(--line); }
.fill { padding: .125rem 0; color: var(--accent); background: none; border: 0; text-align: left; text-decoration: underline; font-variant-numeric: tabular-nums; }
summary { cursor: pointer; font-size: .875rem; padding: .5rem 0; }
`
