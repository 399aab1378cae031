import { useEffect, useState } from 'react'
import type { Node, VideoNode } from './api.ts'
import { useRefused } from './billing.tsx'
import { useDrag } from './use-drag.ts'

export function NodeCard({ node, onMoreCredits }: { node: Node; onMoreCredits: () => void }) {
  const { style, grip } = useDrag()
  return (
    <li className="node" style={style}>
      <div className="node-head">
        <span className="node-kind">{node.kind}</span>
        <button type="button" className="grip" aria-label={`Move “${node.prompt}” with the arrow keys`} {...grip}>
          ⠿
        </button>
      </div>
      {node.kind === 'text' && <p className="node-text">{node.text}</p>}
      {node.kind === 'image' && <Picture svg={node.picture} alt={node.prompt} />}
      {node.kind === 'video' && <Video node={node} onMoreCredits={onMoreCredits} />}
      {node.kind !== 'text' && <p className="node-prompt">{node.prompt}</p>}
    </li>
  )
}

const Picture = ({ svg, alt }: { svg: string; alt: string }) => (
  <img className="picture" src={`data:image/svg+xml,${encodeURIComponent(svg)}`} alt={alt} width="320" height="180" />
)

const MS_A_FRAME = 300

function Video({
  node: { frames, seconds, state, prompt },
  onMoreCredits,
}: {
  node: VideoNode
  onMoreCredits: () => void
}) {
  const shown = usePlayback(frames.length, state !== 'working')
  const refused = useRefused('video')
  return (
    <>
      <Picture svg={frames[shown] ?? ''} alt={prompt} />
      <progress value={frames.length} max={seconds} aria-label="Seconds made" />
      <p className="node-state" role="status">
        {state === 'working' && `Second ${frames.length} of ${seconds} …`}
        {state === 'done' && `${frames.length} seconds`}
        {state === 'stopped' && `Stopped: ${frames.length} of ${seconds} seconds`}
        {state === 'out-of-credits' && `Out of credits after ${frames.length} of ${seconds} seconds`}
      </p>
      {state === 'out-of-credits' && refused && (
        <button type="button" className="link" onClick={onMoreCredits}>
          Get more credits
        </button>
      )}
    </>
  )
}

/** The newest frame while it is made, then round and round; still where motion is not wanted. */
function usePlayback(length: number, playing: boolean): number {
  const [frame, setFrame] = useState(0)
  const moves = playing && !matchMedia('(prefers-reduced-motion: reduce)').matches
  useEffect(() => {
    if (!moves) return
    const timer = setInterval(() => setFrame((now) => (now + 1) % length), MS_A_FRAME)
    return () => clearInterval(timer)
  }, [moves, length])
  return moves ? frame % length : length - 1
}
