import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { sendGraphiQL, wantsGraphiQL } from './graphiql.ts'

test('GraphiQL comes whole from this server, says how to authorise and may ask no other host', async () => {
  const server = createServer((req, res) => void (wantsGraphiQL(req) ? sendGraphiQL(res) : res.writeHead(406).end()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
    const answer = await fetch(url, { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } })
    const page = await answer.text()
    expect(answer.status).toBe(200)
    expect(page).toContain('"defaultHeaders":"{\\n  \\"Authorization\\": \\"Bearer <secret key>\\"\\n}"')
    // Its scripts are strings to this search: what is left are the tags of the page.
    const tags = page.replace(/<(script|style)>.*<\/\1>/gs, '')
    expect(tags).toContain('<div id="root">')
    expect(tags).not.toMatch(/https?:|<script|<style|src=/)
    const policy = answer.headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/https?:|\*/)
    expect((await fetch(url, { headers: { accept: 'application/json' } })).status).toBe(406)
  } finally {
    server.close()
  }
})
