import { readFileSync } from 'node:fs'
import { createFlorin, type Florin } from '@florin/sdk'
import type { Example } from './example.ts'
import { examples } from './examples.ts'
import { differences, monthAsText } from './month-as-text.ts'
import { simulate } from './simulate.ts'

// npm start, then in another terminal: npx tsx examples/pricing/run.ts [name]. It moves the sandbox's clock by months.

function connect(): Florin {
  const file = `${process.env.FLORIN_HOME || '.florin'}/ready.json`
  try {
    const { graphqlUrl: url, secretKey } = JSON.parse(readFileSync(file, 'utf8'))
    return createFlorin({ url, secretKey })
  } catch (cause) {
    throw new Error(`${file} does not tell where Florin runs: start it with npm start`, { cause })
  }
}

/** Whether the month came out as expected. */
async function show(florin: Florin, example: Example): Promise<boolean> {
  console.log(`${example.name}: ${example.pitch}`)
  try {
    const actual = await simulate(florin, example)
    const wrong = differences(example.expected, actual)
    for (const line of monthAsText(actual)) console.log(`  ${line}`)
    console.log(wrong.length === 0 ? 'ok\n' : `not as expected:\n${wrong.join('\n')}\n`)
    return wrong.length === 0
  } catch (error) {
    console.error(error, '\n')
    return false
  }
}

const [name] = process.argv.slice(2)
const chosen = examples.filter((example) => name === undefined || example.name === name)
if (chosen.length === 0) {
  console.error(`there is no "${name}": ${examples.map((example) => example.name).join(', ')}`)
  process.exitCode = 1
} else {
  const florin = connect()
  for (const example of chosen) if (!(await show(florin, example))) process.exitCode = 1
}
