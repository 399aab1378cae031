import { useEffect, useState } from 'react'

const STILL_FOR_MS = 300

/** A value once it has stopped moving, so that a number that is stepped through isn't asked about at each step. */
export function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), STILL_FOR_MS)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
