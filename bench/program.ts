import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A program of the bench in a process of its own, which answers one question at a time. */
export interface Program<Question, Answer> {
  ask(question: Question): Promise<Answer>
  stop(): Promise<void>
}

type Reply = { readonly answer: unknown } | { readonly error: string }

/** @param path of the program's entry, from the bench's folder. It must call {@link serve}. */
export function startProgram<Question extends object, Answer>(path: string): Program<Question, Answer> {
  const child = fork(fileURLToPath(new URL(path, import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  return {
    ask: (question) => ask<Answer>(child, path, question),
    stop: () => endProcess(child),
  }
}

function ask<Answer>(child: ChildProcess, path: string, question: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const settle = (reply: Reply) => {
      child.off('message', answered)
      child.off('exit', ended)
      if ('error' in reply) reject(new Error(reply.error))
      else resolve(reply.answer as Answer)
    }
    const answered = (message: unknown) => settle(message as Reply)
    const ended = (code: number | null, signal: NodeJS.Signals | null) =>
      settle({ error: `${path} ended with ${signal ?? code} before it answered` })
    child.on('message', answered)
    child.on('exit', ended)
    child.send(question)
  })
}

/** The other side: answers the questions of the process that started this one. */
export function serve<Question, Answer>(answer: (question: Question) => Promise<Answer>): void {
  process.on('message', async (question) => {
    const reply = await answer(question as Question).then(
      (answer): Reply => ({ answer }),
      (error: Error): Reply => ({ error: error.stack ?? error.message }),
    )
    process.send?.(reply)
  })
  // Ctrl-C reaches the whole group; the bench ends its programs itself.
  process.on('SIGINT', () => {})
  process.on('disconnect', () => process.exit())
}

/** Asks a process to end, and waits until it has. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
