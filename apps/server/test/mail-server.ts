import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

// A mail server that takes what it is given, or has an accident.

/** What happens to the next mails: refused for good or for now, taken and then cut off, or answered only when let go. */
export type Accident = 'refuse' | 'busy' | 'cut' | 'hang'

export interface MailServer {
  readonly url: string
  readonly received: ParsedMail[]
  readonly accidents: Accident[]
  /** Lets the mails go that hang. */
  release(): void
  close(): Promise<void>
}

export async function startMailServer(): Promise<MailServer> {
  const received: ParsedMail[] = []
  const accidents: Accident[] = []
  const hanging: (() => void)[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, session, done) => {
      const accident = accidents.shift()
      simpleParser(stream).then((mail) => {
        if (accident === 'refuse') return done(answer(550, 'mailbox unavailable'))
        if (accident === 'busy') return done(answer(451, 'try again later'))
        received.push(mail)
        if (accident === 'cut') return void sockets(server, session.id)
        if (accident === 'hang') return void hanging.push(() => done())
        done()
      }, done)
    },
  })
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    accidents,
    release: () => {
      for (const go of hanging.splice(0)) go()
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

const answer = (responseCode: number, message: string) => Object.assign(new Error(message), { responseCode })

/** Ends a connection without a word. */
function sockets(server: SMTPServer, sessionId: string): void {
  for (const connection of server.connections as Set<{ id: string; close(): void; _socket?: { destroy(): void } }>) {
    if (connection.id === sessionId) connection._socket?.destroy()
  }
}

export function addressOf(mail: ParsedMail): string {
  return (mail.to as AddressObject | undefined)?.text ?? ''
}
