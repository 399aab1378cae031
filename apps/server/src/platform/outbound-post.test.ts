import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { type OutboundPost, type ResolveHost, resolveHost, sendOutbound } from './outbound-post.ts'
import { isLoopback, isPublicAddress } from './public-address.ts'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** A server on one address of this machine; the requests that reached it. */
async function listen(address: string, answer: RequestListener = (_, res) => res.end('ok')) {
  const seen: string[] = []
  const server = createServer((req, res) => {
    seen.push(`${req.method} ${req.headers.host}`)
    answer(req, res)
  }).listen(0, address)
  servers.push(server)
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, seen }
}

const to = (url: string, more: Partial<OutboundPost> = {}): OutboundPost => ({
  url: new URL(url),
  headers: {},
  body: '{}',
  timeoutMs: 5_000,
  keepBytes: 1_024,
  mayDial: isLoopback,
  ...more,
})

/** A resolver that gives one answer after the other, and keeps to the last. */
function answering(...answers: string[][]): ResolveHost & { asked: number } {
  const resolve = async () => {
    const addresses = answers[Math.min(resolve.asked, answers.length - 1)] as string[]
    resolve.asked++
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  }
  resolve.asked = 0
  return resolve
}

describe('which address is dialled', () => {
  it('T07 the one that was checked, whatever the name says next', async () => {
    const { port, seen } = await listen('127.0.0.2')
    const resolve = answering(['127.0.0.2'], ['10.0.0.1'])
    const outcome = await sendOutbound(resolve, to(`http://hooks.example:${port}/`))
    expect(outcome).toEqual({ kind: 'answered', status: 200, body: 'ok' })
    expect(resolve.asked).toBe(1)
    expect(seen).toEqual([`POST hooks.example:${port}`])
  })

  it.each([
    ['loopback', ['127.0.0.1']],
    ['one bad address among good ones', ['1.1.1.1', '169.254.169.254']],
    ['NAT64', ['64:ff9b::a9fe:a9fe']],
    ['nothing', []],
  ])('T06 none, when the name leads to %s', async (_, addresses) => {
    const { port, seen } = await listen('127.0.0.1')
    const post = to(`http://hooks.example:${port}/`, { mayDial: isPublicAddress })
    expect(await sendOutbound(answering(addresses), post)).toEqual({
      kind: 'blocked',
      error: 'hooks.example does not lead to a public address',
    })
    expect(seen).toEqual([])
  })

  it.each(['http://127.0.0.1', 'http://2130706433', 'http://0x7f.1', 'http://0177.0.0.1', 'http://[::ffff:127.0.0.1]'])(
    'T06 none, for %s, which asks no resolver',
    async (url) => {
      const { port, seen } = await listen('127.0.0.1')
      const outcome = await sendOutbound(resolveHost, to(`${url}:${port}/`, { mayDial: isPublicAddress }))
      expect(outcome.kind).toBe('blocked')
      expect(seen).toEqual([])
    },
  )
})

describe('what is taken for an answer', () => {
  it('a redirect is one, and nobody follows it', async () => {
    const target = await listen('127.0.0.1')
    const { port } = await listen('127.0.0.1', (_, res) =>
      res.writeHead(302, { location: `http://127.0.0.1:${target.port}/` }).end(),
    )
    expect(await sendOutbound(resolveHost, to(`http://127.0.0.1:${port}/`))).toMatchObject({ status: 302 })
    expect(target.seen).toEqual([])
  })

  it('only its beginning is read', async () => {
    const { port } = await listen('127.0.0.1', (_, res) => {
      const more = () => {
        while (res.write('é\0'.repeat(10_000)));
        res.once('drain', more)
      }
      more()
    })
    const outcome = await sendOutbound(resolveHost, to(`http://127.0.0.1:${port}/`))
    const { body } = outcome as { body: string }
    expect(outcome).toMatchObject({ kind: 'answered', status: 200 })
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(1_024)
    expect(body).toMatch(/^é+$/)
  })

  it('a body that never ends changes nothing about its status', async () => {
    const { port } = await listen('127.0.0.1', (_, res) => res.write('half'))
    const outcome = await sendOutbound(resolveHost, to(`http://127.0.0.1:${port}/`, { timeoutMs: 2_000 }))
    expect(outcome).toEqual({ kind: 'answered', status: 200, body: 'half' })
  })

  it('silence is none', async () => {
    const { port } = await listen('127.0.0.1', () => {})
    const outcome = await sendOutbound(resolveHost, to(`http://127.0.0.1:${port}/`, { timeoutMs: 300 }))
    expect(outcome).toEqual({ kind: 'failed', error: 'no answer within 0.3 seconds' })
  })

  it('a resolver that never answers is none either', async () => {
    const never: ResolveHost = () => new Promise(() => {})
    const outcome = await sendOutbound(never, to('http://hooks.example/', { timeoutMs: 300 }))
    expect(outcome).toEqual({ kind: 'failed', error: 'no answer within 0.3 seconds' })
  })

  it('a closed door is told by its code', async () => {
    const { port } = await listen('127.0.0.1')
    for (const server of servers.splice(0)) server.close()
    const outcome = await sendOutbound(resolveHost, to(`http://127.0.0.1:${port}/`))
    expect(outcome).toEqual({ kind: 'failed', error: 'the connection failed: ECONNREFUSED' })
  })

  it('a certificate that nobody vouches for is refused', async () => {
    let asked = 0
    const server = createSecureServer(SELF_SIGNED, (_, res) => {
      asked++
      res.end()
    }).listen(0, '127.0.0.1')
    servers.push(server)
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const outcome = await sendOutbound(resolveHost, to(`https://localhost:${port}/`))
    expect(outcome).toEqual({ kind: 'failed', error: 'the connection failed: DEPTH_ZERO_SELF_SIGNED_CERT' })
    expect(asked).toBe(0)
  })
})

/** For localhost, signed by nobody, and of use nowhere else. */
const SELF_SIGNED = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg2UNlvCKqIRsVGz8W
Rq9wX1yKmT9LiIDnGvZBiHyUE/ehRANCAASvS3rap2jxRDnxHGvs4EhMup7SfXqf
q7TKpeBnXuOY8ouTfrOEY7CyHSookcRakt4XnjqDCV/U7yF2PK5yLoMa
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUYwM5fFQrLq46EeAS5ed7fL1OrwUwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNjE1MTk0NloYDzIxMjYxMTAy
MTUxOTQ2WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASvS3rap2jxRDnxHGvs4EhMup7SfXqfq7TKpeBnXuOY8ouTfrOEY7Cy
HSookcRakt4XnjqDCV/U7yF2PK5yLoMao28wbTAdBgNVHQ4EFgQUnDuKwqZ6cw65
fH1ZCkWd409I88wwHwYDVR0jBBgwFoAUnDuKwqZ6cw65fH1ZCkWd409I88wwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIhALOJoVQi/eVr1ZCpVYIay5Y7sUkYTslrnU72vP+KAeYYAiBu
fL1O6bAS7CB3aGEhfRPqr1rMhrc57tUTwUFFTwgOtg==
-----END CERTIFICATE-----`,
}
