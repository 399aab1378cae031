/** Calls back when the browser is online again, or its tab comes back to the front, as after sleep. */
export function onWakeUp(callback: () => void): () => void {
  const onVisible = () => {
    if (document.visibilityState === 'visible') callback()
  }
  window.addEventListener('online', callback)
  document.addEventListener('visibilitychange', onVisible)
  return () => {
    window.removeEventListener('online', callback)
    document.removeEventListener('visibilitychange', onVisible)
  }
}
