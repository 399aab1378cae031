import { type Logger, pino } from 'pino'

export type Log = Logger

/** Structured logs on standard error. Credentials never reach them: the known carriers are redacted. */
export function createLog(level: string): Log {
  return pino(
    {
      level,
      base: null,
      redact: ['*.authorization', '*.secretKey', '*.token', 'headers.authorization', 'headers.cookie'],
    },
    pino.destination({ dest: 2, sync: false }),
  )
}
