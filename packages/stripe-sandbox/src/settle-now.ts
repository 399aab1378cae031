import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from './context.ts'
import { openDisputes } from './disputes.ts'
import { isLocal } from './local-request.ts'
import { settleRefunds } from './refunds.ts'
import { settleDebits } from './settle-debits.ts'

/** What banks do after a while, up to an instant in Unix seconds. */
export function settleUntil(context: Context, until: number): void {
  settleDebits(context, until)
  settleRefunds(context, until)
  openDisputes(context, until)
}

/** `POST /stripe-sandbox/settle`: all of it at once, for tests that don't want to wait. Answers the events' types. */
export function answerSettle(context: Context, request: IncomingMessage, response: ServerResponse): void {
  request.resume()
  const events: string[] = []
  const refused = !isLocal(request) ? 403 : request.method !== 'POST' ? 405 : null
  if (refused === null) {
    const deliver: Context['deliver'] = (event) => {
      events.push(event.type)
      context.deliver(event)
    }
    settleUntil({ ...context, deliver }, Number.POSITIVE_INFINITY)
  }
  const body = refused === null ? { events } : { error: 'Send a POST from this machine.' }
  response.writeHead(refused ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
