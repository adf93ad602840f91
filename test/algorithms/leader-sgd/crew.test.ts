/** leader-sgd on crews of real threads: in step to the bit what one thread does, each on its own to the end, also past a death. */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { RunEvent } from '../../../src/algorithms/contract.js'
import { leaderSgd } from '../../../src/algorithms/leader-sgd/index.js'
import type { LeaderResult } from '../../../src/algorithms/leader-sgd/result.js'
import type { LeaderSpec } from '../../../src/algorithms/leader-sgd/spec.js'
import { compileCheck } from '../../../src/routes/validation.js'
import { drive, fillSpec, fingerprint, generateData, type Driven, type DriveOptions } from '../../helpers/drive.js'
import { openTestEngine } from '../../tensor/helpers.js'
import { smallNetwork } from './small-network.js'

const timeout = 120_000

/** More than three lines of a cache: of what is composed every thread has a part. */
const quadratic = { type: 'quadratic', dimensions: 40, condition: 20, noise: 0.5 }
const small = { problem: quadratic, workers: 5, steps: 48, records: 6, momentum: 0.5, learningRate: 0.02, seeds: [1] }
const parallel = (threads: number) => ({ type: 'parallel', threads })

async function runTrial (given: object, options: Partial<DriveOptions> = {}): Promise<Driven & { result: LeaderResult }> {
  const trial = leaderSgd.plan(fillSpec<LeaderSpec>(leaderSgd, given))[0]!
  return await drive(leaderSgd, trial, { data: generateData(leaderSgd, trial), slots: 4, ...options }) as Driven & { result: LeaderResult }
}

/** What a trial tells, without simulated time, which threads do not have. */
function told ({ events, result }: Driven & { result: LeaderResult }): string {
  const timeless = events.map(event => event.type === 'metrics' ? { ...event, values: { ...event.values, virtualTime: 0 } } : event)
  return fingerprint([timeless, { ...result, workers: result.workers.map(worker => ({ ...worker, time: null, waited: null })) }])
}

const inStep: [what: string, spec: object, threads?: number[]][] = [
  ['lsgd with pulls at every step', { methods: [{ type: 'lsgd', tau: 4, proximal: 0.1, leader: { type: 'window', batches: 3 } }] }, [2, 4]],
  ['lsgd of groups by exact losses', { workers: 6, methods: [{ type: 'lsgd', groups: 3, tau: 3, tauG: 6, leader: { type: 'exact' } }] }],
  ['easgd', { methods: [{ type: 'easgd', tau: 5 }] }],
  ['eamsgd', { momentum: 0, learningRate: 0.001, methods: [{ type: 'eamsgd', tau: 4 }] }],
  ['downpour', { methods: [{ type: 'downpour', push: 3, fetch: 6 }] }],
  ['data-parallel', { methods: [{ type: 'data-parallel' }] }]
]

for (const [what, spec, crews = [3]] of inStep) {
  test(`leader-sgd: a crew of ${crews.join(' or ')} gives the numbers of one thread, to the bit: ${what}`, { timeout }, async () => {
    const alone = await runTrial({ ...small, ...spec })
    for (const threads of crews) {
      assert.equal(told(await runTrial({ ...small, ...spec, execution: parallel(threads) })), told(alone), `${threads} threads`)
    }
  })
}

test('leader-sgd: a crew in step goes on from any boundary to the bit', { timeout }, async () => {
  const spec = { ...small, methods: [{ type: 'lsgd', tau: 4, proximal: 0.1 }], execution: parallel(2) }
  const whole = await runTrial(spec, { keep: [0, 3, 6] })
  for (const { state, events } of whole.snapshots.values()) {
    const rest = await runTrial(spec, { resume: state })
    assert.equal(fingerprint(rest.events), fingerprint(whole.events.slice(events)))
    assert.equal(fingerprint(rest.result), fingerprint(whole.result))
  }
  assert.equal(whole.snapshots.size, 3)
})

test('leader-sgd: networks on a crew are those of one thread, to the bit', { timeout }, async () => {
  const engine = await openTestEngine()
  const spec = {
    problem: smallNetwork,
    workers: 3,
    steps: 8,
    records: 2,
    momentum: 0.9,
    methods: [{ type: 'lsgd', tau: 2, leader: { type: 'window', batches: 2 } }],
    seeds: [1]
  }
  const alone = await runTrial(spec, { engine })
  assert.equal(told(await runTrial({ ...spec, execution: parallel(2) }, { engine })), told(alone))
})

const apart: [what: string, spec: object][] = [
  ['lsgd', { workers: 6, methods: [{ type: 'lsgd', groups: 3, tau: 3, tauG: 6, proximal: 0.1 }] }],
  ['eamsgd', { momentum: 0, learningRate: 0.001, methods: [{ type: 'eamsgd', tau: 4 }] }],
  ['downpour', { methods: [{ type: 'downpour', push: 3, fetch: 6 }] }]
]

const metricsOf = (events: RunEvent[]) => events.filter(event => event.type === 'metrics')

for (const [what, spec] of apart) {
  test(`leader-sgd: workers that wait for nobody make all their steps, and go on from a boundary: ${what}`, { timeout }, async () => {
    const given = { ...small, ...spec, mode: 'async', execution: parallel(2), learningRate: 0.01 }
    const { events, result, snapshots } = await runTrial(given, { keep: [1, 2] })
    checkApart(result)
    assert.equal(metricsOf(events).at(-1)!.step, 48)
    const { state, events: before } = snapshots.get(1)!
    const rest = await runTrial(given, { resume: state })
    checkApart(rest.result)
    const steps = [...metricsOf(events.slice(0, before)), ...metricsOf(rest.events)].map(({ step }) => step)
    assert.deepEqual(steps, [...new Set(steps)].sort((a, b) => a - b), 'told once each')
    assert.equal(steps.at(-1), 48)
  })
}

function checkApart (result: LeaderResult): void {
  assert.deepEqual(compileCheck(leaderSgd.result, { root: 'result' })(structuredClone(result)), [])
  assert.equal(result.outcome, 'finished')
  for (const { steps, lost, time } of result.workers) assert.deepEqual({ steps, lost, time }, { steps: 48, lost: false, time: null })
  const { exchanges, bytes: { sent } } = result
  assert.ok(exchanges >= 48 / 6 && sent > 0, `${exchanges} exchanges, ${sent} bytes`)
}

test('leader-sgd: a thread that dies is lost with its workers, which is told, and the others go on', { timeout }, async () => {
  const { events, result } = await runTrial({
    ...small, mode: 'async', methods: [{ type: 'lsgd', tau: 4 }], execution: parallel(2)
  }, { dies: { worker: 1, looks: 20 } })
  const logs = events.filter(event => event.type === 'log')
  assert.deepEqual(logs, [{ type: 'log', level: 'warn', text: 'Thread 1 of the crew died. Lost with it: workers 1, 3; the others go on' }])
  assert.equal(result.outcome, 'finished')
  assert.deepEqual(result.workers.map(({ lost }) => lost), [false, true, false, true, false])
  result.workers.forEach(({ steps, lost }, worker) => { assert.ok(lost ? steps > 0 && steps < 48 : steps === 48, `worker ${worker} made ${steps}`) })
  assert.ok([0, 2, 4].includes(result.leaders.at(-1)![1]!), 'who is lost leads no more')
})
