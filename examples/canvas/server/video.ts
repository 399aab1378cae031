import { setTimeout as sleep } from 'node:timers/promises'
import type { VideoNode } from './model.ts'
import { drawScene } from './scene.ts'

const SECONDS = 12
const MS_A_SECOND_TAKES = 350

interface Reservation {
  extend: (second: number) => Promise<boolean>
  settle: (seconds: number) => Promise<unknown>
}

/**
 * A second of video at a time, each reserved before it is made. It ends when it is long enough, when the credits are out or
 * when nobody watches any more; what was made until then is kept, and that is what is paid for.
 */
export async function* makeVideo(
  key: string,
  prompt: string,
  reservation: Reservation,
  stopped: () => boolean,
): AsyncGenerator<VideoNode> {
  const frames: string[] = []
  const node = (state: VideoNode['state']): VideoNode => ({
    id: key,
    kind: 'video',
    prompt,
    frames,
    seconds: SECONDS,
    state,
  })
  let state: VideoNode['state'] = 'done'
  try {
    while (frames.length < SECONDS) {
      if (stopped()) state = 'stopped'
      else if (frames.length > 0 && !(await reservation.extend(frames.length))) state = 'out-of-credits'
      if (state !== 'done') break
      await sleep(MS_A_SECOND_TAKES)
      frames.push(drawScene(`${key} ${prompt}`, frames.length / SECONDS))
      yield node('working')
    }
  } finally {
    await reservation.settle(frames.length)
  }
  yield node(state)
}
