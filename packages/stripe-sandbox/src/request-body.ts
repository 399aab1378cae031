import type { IncomingMessage } from 'node:http'

/** No request of Florin's comes near this. */
export const MAX_BODY_BYTES = 1_000_000

/** The whole body, or null if it is larger than the limit; the rest of a larger one is thrown away unread. */
export async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) {
      request.resume()
      return null
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
