/** The watchdog: boundaries are signs of life, waiting for the database is no silence. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createControl, viewControl } from '../../src/jobs/control.js'
import { watch } from '../../src/jobs/watchdog.js'

test('watch: calls once when no boundary is reached, never while they come or the thread waits for the database', async () => {
  const calls: string[] = []
  const alive = createControl()
  const view = viewControl(alive.memory)
  // One loop fires all these timers, so that a slow machine slows them alike.
  const boundaries = setInterval(view.reach, 1)
  const ends = [
    watch(alive, 30, () => calls.push('alive')),
    watch({ ...createControl(), isWaiting: () => true }, 30, () => calls.push('waiting')),
    watch(createControl(), 30, () => calls.push('hung'))
  ]
  await new Promise<void>(resolve => { ends.push(watch(createControl(), 600, resolve)) })
  clearInterval(boundaries)
  for (const end of ends) end()
  assert.deepEqual(calls, ['hung'])
})
