import type { ServerResponse } from 'node:http'
import type { Database } from '../../platform/database.ts'
import { failRequest, pathOf, type Route } from '../../platform/http.ts'
import type { Log } from '../../platform/log.ts'
import { readLogoFile } from './read-brand.ts'

interface LogoDeps {
  readonly database: Database
  readonly log: Log
}

const TYPES = { png: 'image/png', jpg: 'image/jpeg' } as const

/** Serves logos to pages, mails and apps. An address names the bytes that are there, so that caches may keep them. */
export function createLogoRoute({ database, log }: LogoDeps): Route {
  async function answer(res: ServerResponse, projectId: string, hash: string, type: string): Promise<void> {
    try {
      const logo = await readLogoFile(database, projectId, hash)
      if (logo?.type !== type) return void res.writeHead(404, { 'content-type': 'text/plain' }).end('no such logo\n')
      res.writeHead(200, headersOf(logo.type, logo.bytes.length)).end(logo.bytes)
    } catch (error) {
      failRequest(res, error, log)
    }
  }

  return (req, res) => {
    const [, projectId, hash, type] =
      /^\/brand\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/logo-([0-9a-f]{32})\.(png|jpg)$/.exec(pathOf(req)) ?? []
    if (!projectId || !hash || !type || (req.method !== 'GET' && req.method !== 'HEAD')) return false
    void answer(res, projectId, hash, type)
    return true
  }
}

// Strangers made these bytes: whatever is in them, a browser shows an image and runs nothing.
function headersOf(type: keyof typeof TYPES, length: number) {
  return {
    'content-type': TYPES[type],
    'content-length': length,
    'cache-control': 'public, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'cross-origin',
  }
}
