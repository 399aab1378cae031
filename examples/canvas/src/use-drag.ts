import { type KeyboardEvent, type PointerEvent, useState } from 'react'

const STEP = 24
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
}

/** Moves an element by a grip, with a pointer or the arrow keys. */
export function useDrag() {
  const [place, setPlace] = useState({ x: 0, y: 0 })
  const move = (x: number, y: number) => setPlace((from) => ({ x: from.x + x, y: from.y + y }))
  return {
    style: { translate: `${place.x}px ${place.y}px` },
    grip: {
      onPointerDown: (event: PointerEvent) => event.currentTarget.setPointerCapture(event.pointerId),
      onPointerMove: (event: PointerEvent) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) move(event.movementX, event.movementY)
      },
      onKeyDown: (event: KeyboardEvent) => {
        const arrow = ARROWS[event.key]
        if (!arrow) return
        event.preventDefault()
        move(...arrow)
      },
    },
  }
}
