/** Crews of real threads in a real pool: work in step, members that fail, die, stay away, or do not leave. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { MessageChannel, Worker } from 'node:worker_threads'
import { Piscina } from 'piscina'
import type { Failure } from '../../src/errors.js'
import { createCrewWords, viewCrew, type CrewRequest } from '../../src/jobs/crew.js'
import { openCrewDesk, type Broke } from '../../src/jobs/crew-desk.js'
import { createLoadLock } from '../../src/tensor/load-lock.js'

const timeout = 120_000
/** No test waits so long: it is what a barrier would. */
const LONG_MS = 100_000

interface Ending { answer: { sums?: number[], failure?: Failure, lost?: boolean[] }, broke: Broke | undefined, died: boolean }

async function runCrew (
  t: TestContext, member: string,
  { size = 2, rounds = 1, deadlineMs = LONG_MS, graceMs = LONG_MS, awaits = false, ifLost = 'break' as CrewRequest['ifLost'], onRequest = (_: CrewRequest) => {} } = {}
): Promise<Ending> {
  const pool = new Piscina({
    filename: new URL('./crew-work.js', import.meta.url).href, maxThreads: size, atomics: 'disabled', workerData: { loadLock: createLoadLock() }
  })
  pool.on('error', () => {})
  t.after(async () => { await pool.destroy() })
  const { port1, port2 } = new MessageChannel()
  const desk = openCrewDesk(pool, { seed: 1, backend: 'wasm', threads: 1, deadlineMs }, new AbortController().signal)
  port1.on('message', (request: CrewRequest) => {
    onRequest(request)
    desk.open(request)
  })
  const answer = await pool.run({ size, member, rounds, deadlineMs, awaits, ifLost, port: port2 }, { transferList: [port2] })
  const end = await desk.close(graceMs)
  port1.close()
  return { answer, ...end }
}

/** What the workers of crew-work.ts must arrive at. */
function expected (size: number, rounds: number): number[] {
  let sums = new Array<number>(size).fill(0)
  for (let round = 0; round < rounds; round++) sums = sums.map(() => (1 + sums.reduce((a, b) => a + b, 0)) % 1009)
  return sums
}

for (const size of [1, 2, 3]) {
  test(`crew: ${size} threads work in step through 5,000 barriers each`, { timeout }, async t => {
    const { answer, broke, died } = await runCrew(t, 'work', { size, rounds: 2500 })
    assert.deepEqual(answer, { sums: expected(size, 2500) })
    assert.deepEqual([broke, died], [undefined, false])
  })
}

test('crew: whoever is woken without cause goes on waiting', { timeout }, async t => {
  // Wakes all who wait for anything, again and again: as a wake-up does that comes late, but always.
  const onRequest = ({ words }: CrewRequest): void => {
    const noise = new Worker('const { workerData } = require("node:worker_threads"); for (;;) for (let word = 0; word < workerData.length; word++) Atomics.notify(workerData, word)',
      { eval: true, workerData: new Int32Array(words) })
    t.after(async () => { await noise.terminate() })
  }
  const { answer, broke } = await runCrew(t, 'work', { size: 3, rounds: 500, onRequest })
  assert.deepEqual([answer, broke], [{ sums: expected(3, 500) }, undefined])
})

test('crew: one that is asked for after the trial has ended starts no member', { timeout }, async t => {
  const pool = new Piscina({ filename: new URL('./crew-work.js', import.meta.url).href, maxThreads: 1, workerData: { loadLock: createLoadLock() } })
  t.after(async () => { await pool.destroy() })
  const desk = openCrewDesk(pool, { seed: 1, backend: 'wasm', threads: 1, deadlineMs: LONG_MS }, new AbortController().signal)
  assert.deepEqual(await desk.close(LONG_MS), { broke: undefined, died: false })
  const words = createCrewWords()
  const here = new Int32Array(new SharedArrayBuffer(4))
  desk.open({ type: 'crew', size: 2, entry: { module: new URL('./crew-work.js', import.meta.url).href, export: 'polls' }, shared: { here }, words, ifLost: 'break' })
  assert.equal(viewCrew(words, { size: 2, worker: 0, deadlineMs: LONG_MS }).ended(), true)
  // The pool's only thread takes one after the other: a member would have been before this.
  const { port1, port2 } = new MessageChannel()
  await pool.run({ size: 1, member: 'work', rounds: 0, deadlineMs: LONG_MS, awaits: false, ifLost: 'break', port: port2 }, { transferList: [port2] })
  port1.close()
  assert.equal(here[0], 0)
})

test('crew: what a member throws wakes the others, and is the trial’s failure', { timeout }, async t => {
  const { answer, broke } = await runCrew(t, 'throws')
  assert.equal(answer.failure?.code, 'crew_broken')
  assert.deepEqual(broke, { type: 'failure', failure: { code: 'non_finite', message: 'the loss of worker 1 must stay finite, got NaN' } })
})

test('crew: a member that is not there is a failure that names module and export', { timeout }, async t => {
  const { broke } = await runCrew(t, 'sleeps')
  assert.ok(broke?.type === 'failure')
  assert.match(broke.failure.message, /crew-work\.js must export sleeps/)
})

test('crew: a member whose thread dies wakes the others, and is a death', { timeout }, async t => {
  const { answer, broke, died } = await runCrew(t, 'dies')
  assert.equal(answer.failure?.code, 'crew_broken')
  assert.ok(broke?.type === 'death' && died)
  assert.match(broke.how, /^a thread of its crew ended: /)
})

test('crew: one that goes on hears which of its members are gone, and meets no more', { timeout }, async t => {
  const { answer, broke, died } = await runCrew(t, 'secondDies', { size: 3, ifLost: 'go on' })
  assert.deepEqual(answer.lost, [false, false, true])
  assert.equal(answer.failure?.code, 'crew_broken', 'whoever comes to a barrier waits for nobody')
  assert.deepEqual([broke, died], [undefined, true])
})

test('crew: what a member throws is the trial’s failure, also in a crew that goes on', { timeout }, async t => {
  const { broke } = await runCrew(t, 'throws', { ifLost: 'go on' })
  assert.ok(broke?.type === 'failure')
})

test('crew: a barrier waits no longer than it may', { timeout }, async t => {
  const { answer } = await runCrew(t, 'polls', { deadlineMs: 50 })
  assert.deepEqual(answer.failure, { code: 'hung', message: 'worker 0 of 2 waited 0.05 s at a barrier for the others' })
})

test('crew: members without barriers hear that the trial has ended', { timeout }, async t => {
  const { broke, died } = await runCrew(t, 'polls', { rounds: 0, awaits: true })
  assert.deepEqual([broke, died], [undefined, false])
})

test('crew: a member that does not leave is ended by force', { timeout }, async t => {
  const { broke, died } = await runCrew(t, 'isDeaf', { rounds: 0, awaits: true, graceMs: 50 })
  assert.deepEqual([broke, died], [undefined, true])
})
