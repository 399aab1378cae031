import { useEffect, useRef, useState } from 'react'
import { fetchNodes, make, type Node } from './api.ts'
import { Paywall } from './billing.tsx'
import { Composer } from './composer.tsx'
import { NodeCard } from './node-card.tsx'

/** The product: what was made, and what to make next. Of money it knows one thing: that an order can be refused. */
export function Canvas() {
  const [nodes, setNodes] = useState<readonly Node[]>([])
  const [refused, setRefused] = useState<Node['kind'] | null>(null)
  const [news, setNews] = useState('')
  const [working, setWorking] = useState(false)
  const stop = useRef<AbortController>(null)
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => {
    fetchNodes().then(setNodes, (error: Error) => setNews(error.message))
    return () => stop.current?.abort()
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever there is one more
  useEffect(() => {
    list.current?.lastElementChild?.scrollIntoView({ block: 'nearest' })
  }, [nodes.length])

  const order = async (kind: Node['kind'], prompt: string) => {
    stop.current = new AbortController()
    setWorking(true)
    setNews('')
    try {
      const { signal } = stop.current
      if (!(await make({ kind, prompt, signal }, (node) => setNodes((others) => withNode(others, node)))))
        setRefused(kind)
    } catch (error) {
      if ((error as Error).name !== 'AbortError') setNews((error as Error).message)
      else setNodes((others) => others.map(asStopped))
    } finally {
      setWorking(false)
    }
  }
  return (
    <>
      <section className="canvas" aria-label="Canvas">
        {nodes.length === 0 && <p className="empty">An empty canvas. Say below what you would like to see.</p>}
        <ul ref={list}>
          {nodes.map((node) => (
            <NodeCard key={node.id} node={node} onMoreCredits={() => setRefused(node.kind)} />
          ))}
        </ul>
      </section>
      <Composer working={working} news={news} onOrder={order} onStop={() => stop.current?.abort()} />
      <Paywall kind={refused} onClose={() => setRefused(null)} />
    </>
  )
}

const withNode = (nodes: readonly Node[], node: Node) =>
  nodes.some(({ id }) => id === node.id)
    ? nodes.map((other) => (other.id === node.id ? node : other))
    : [...nodes, node]

const asStopped = (node: Node): Node =>
  node.kind === 'video' && node.state === 'working' ? { ...node, state: 'stopped' } : node
