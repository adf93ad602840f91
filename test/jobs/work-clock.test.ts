/** What counts as a trial's time. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWorkClock } from '../../src/jobs/work-clock.js'

test('createWorkClock: counts while the run works, after the seconds of attempts before', () => {
  let now = 0
  const clock = createWorkClock(7, () => now)
  const at = (ms: number): number => {
    now = ms
    return clock.secondsUsed()
  }
  assert.equal(at(5000), 7, 'it stands at first')
  clock.run(true)
  assert.equal(at(6000), 8)
  clock.run(false)
  assert.equal(at(60_000), 8, 'loading is not its time')
  clock.run(true)
  clock.run(true)
  assert.equal(at(61_500), 9.5)
})
