import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

/** Encrypts secrets that are stored: AES-256-GCM with a key that is not in the database. */
export interface SecretBox {
  /** `place` names the row that it is stored in: moved to another one, it opens no more. */
  seal(secret: string, place: string): string
  /** Throws an Error that names the remedy, if it was sealed with another key, for another place, or was changed. */
  open(sealed: string, place: string): string
}

const REMEDY =
  'start Florin with the FLORIN_ENCRYPTION_KEY that was in use before, or give the endpoint a new secret with rotateWebhookSecret'

/** Throws an Error that names the remedy, unless the key is 32 bytes as base64 (or base64url) or as 64 hexadecimal digits. */
export function createSecretBox(key: string): SecretBox {
  const bytes = readKey(key)
  const keyId = createHash('sha256').update('florin key id').update(bytes).digest('hex').slice(0, 8)
  return {
    seal: (secret, place) => {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', bytes, iv).setAAD(Buffer.from(place))
      const data = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      return ['v1', keyId, ...[iv, cipher.getAuthTag(), data].map((part) => part.toString('base64url'))].join('.')
    },
    open: (sealed, place) => {
      const [version, sealedBy, ...parts] = sealed.split('.')
      const [iv, tag, data] = parts.map((part) => Buffer.from(part, 'base64url'))
      if (version !== 'v1' || !iv || !tag || !data) throw new Error(`a stored secret is damaged: ${REMEDY}`)
      if (sealedBy !== keyId) {
        throw new Error(`a stored secret was encrypted with another key (${sealedBy}, not ${keyId}): ${REMEDY}`)
      }
      try {
        const decipher = createDecipheriv('aes-256-gcm', bytes, iv, { authTagLength: 16 })
          .setAAD(Buffer.from(place))
          .setAuthTag(tag)
        return Buffer.concat([decipher.update(data), decipher.final()]).toString('utf8')
      } catch {
        throw new Error(`a stored secret was changed or moved: ${REMEDY}`)
      }
    },
  }
}

/** Stands in where no key is set: what needs it says what is missing. */
export function createMissingSecretBox(): SecretBox {
  const refuse = (): never => {
    throw new Error(
      'FLORIN_ENCRYPTION_KEY is missing: set it to the key of the API processes (npm start keeps one in secrets.json of its data directory)',
    )
  }
  return { seal: refuse, open: refuse }
}

function readKey(key: string): Buffer {
  const bytes = /^[0-9a-f]{64}$/i.test(key) ? Buffer.from(key, 'hex') : Buffer.from(key, 'base64url')
  if (bytes.length === 32 && /^[\w+/-]{43}=?$|^[0-9a-f]{64}$/i.test(key)) return bytes
  throw new Error(
    'FLORIN_ENCRYPTION_KEY must be 32 bytes as base64 or hexadecimal: make one with openssl rand -base64 32',
  )
}
