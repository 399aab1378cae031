import { createServer } from 'node:http'
import { createSchema, createYoga } from 'graphql-yoga'
import { listen } from './listen.ts'

// Yoga as its manual starts it, with nothing behind it: what `{ __typename }` costs is what Yoga's HTTP handling costs.
const yoga = createYoga({
  schema: createSchema({ typeDefs: 'type Query { hello: String }' }),
  logging: false,
  graphiql: false,
})

listen(createServer(yoga))
