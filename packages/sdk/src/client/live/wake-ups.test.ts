// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import { onWakeUp } from './wake-ups.ts'

test('a tab that comes to the front, or back online, is awake; one that is hidden is not', () => {
  const visibility = vi.spyOn(document, 'visibilityState', 'get')
  const callback = vi.fn()
  const stop = onWakeUp(callback)

  visibility.mockReturnValue('hidden')
  document.dispatchEvent(new Event('visibilitychange'))
  expect(callback).not.toHaveBeenCalled()
  visibility.mockReturnValue('visible')
  document.dispatchEvent(new Event('visibilitychange'))
  window.dispatchEvent(new Event('online'))
  expect(callback).toHaveBeenCalledTimes(2)

  stop()
  window.dispatchEvent(new Event('online'))
  expect(callback).toHaveBeenCalledTimes(2)
  visibility.mockRestore()
})
