import { writeFileSync } from 'node:fs'
import { printContract } from './schema.ts'

// `pnpm --filter @florin/server run print-schema`: writes the contract after it was changed on purpose.
writeFileSync(new URL('../../../../schema.graphql', import.meta.url), printContract())
