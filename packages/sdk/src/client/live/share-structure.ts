/**
 * `next`, with every part that equals the same part of `previous` replaced by it. What did not change keeps its identity,
 * so a component that shows one balance isn't drawn again because another moved.
 */
export function shareStructure<Value>(previous: unknown, next: Value): Value {
  if (Object.is(previous, next)) return next
  if (!isStructure(previous) || !isStructure(next) || Array.isArray(previous) !== Array.isArray(next)) return next
  const keys = Object.keys(next)
  const shared: Record<string, unknown> | unknown[] = Array.isArray(next) ? [] : {}
  let same = keys.length === Object.keys(previous).length
  for (const key of keys) {
    const part = shareStructure(Reflect.get(previous, key), Reflect.get(next, key))
    Reflect.set(shared, key, part)
    same &&= Object.hasOwn(previous, key) && Object.is(part, Reflect.get(previous, key))
  }
  return (same ? previous : shared) as Value
}

const isStructure = (value: unknown): value is object => typeof value === 'object' && value !== null
