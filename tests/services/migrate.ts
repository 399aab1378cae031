import { openDatabase } from '../../apps/server/src/platform/database.ts'
import { applyMigrations } from '../../apps/server/src/platform/migrations.ts'

// node --import tsx migrate.ts <a superuser's URL> <name of the new database>

const [postgresUrl = '', name = ''] = process.argv.slice(2)
const server = openDatabase(postgresUrl, { connections: 1 })
await server.query(`create database ${name}`).finally(() => server.close())
const url = new URL(postgresUrl)
url.pathname = `/${name}`
await applyMigrations(url.href)
process.exit(0)
