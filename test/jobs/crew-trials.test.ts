/** Trials that two threads work on, through the API and a real executor: to the end, paused in between, failed, died. */
import { crews, expected } from '../kinds/crews.js' // first: the routes' schemas list the kinds
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { runNode } from '../../src/jobs/node.js'
import { openStream } from '../../src/math/random.js'
import { testContract } from '../algorithms/contract-suite.js'
import { openTestApp, type TestApp } from '../helpers/app.js'
import { childrenOf, until, untilState } from '../helpers/trials.js'

const timeout = 600_000

testContract(crews, { member: 'works', rounds: 12 })

/** Starts a node with one lane. */
async function openStage (
  t: TestContext, slots = 2
): Promise<{ api: TestApp, submit: (spec: object) => Promise<{ id: string, trialId: string }> }> {
  const api = await openTestApp(t)
  process.env.NODE_OPTIONS = `--import=${new URL('../kinds/crews.js', import.meta.url).href}`
  t.after(() => { delete process.env.NODE_OPTIONS })
  const node = await runNode({ ...api.config, lanes: [{ device: 'cpu', slots }] }, () => {})
  t.after(async () => { await node.stop() })
  return {
    api,
    async submit (spec) {
      const response = await api.call('POST', '/v1/experiments', { body: { kind: 'crews', spec } })
      assert.equal(response.statusCode, 201, response.body)
      const { id, trials: [trial] } = response.json()
      return { id, trialId: trial.id }
    }
  }
}

const sequential = (rounds: number): number[] => expected(rounds, (purpose, ...keys) => openStream(1, purpose, ...keys))

test('a lane of two slots', { timeout }, async t => {
  const { api, submit } = await openStage(t)

  await t.test('a crew of two threads arrives at the numbers of one, also when it was paused and resumed', async () => {
    const { trialId } = await submit({ member: 'works', rounds: 200 })
    await untilState(api.parts.db, trialId, 'succeeded')
    assert.deepEqual((await api.call('GET', `/v1/trials/${trialId}`)).json().result, { numbers: sequential(200) })

    const long = await submit({ member: 'works', rounds: 200, holdsAfter: 100 })
    await until(async () => (await api.parts.db.pool.query('select from trial where id = $1 and progress_done = 100', [long.trialId])).rowCount)
    assert.equal((await api.call('POST', `/v1/experiments/${long.id}/pause`)).statusCode, 200)
    await untilState(api.parts.db, long.trialId, 'paused')
    assert.equal((await api.call('POST', `/v1/experiments/${long.id}/resume`)).statusCode, 200)
    await untilState(api.parts.db, long.trialId, 'succeeded')
    assert.deepEqual((await api.call('GET', `/v1/trials/${long.trialId}`)).json().result, { numbers: sequential(200) })
  })

  await t.test('a crew that goes on hears of a thread that died, and its executor is replaced when it has nothing to do', async () => {
    const executor = () => childrenOf(process.pid).find(({ environment }) => environment.includes('crews.js'))?.pid
    const first = executor()
    const { trialId } = await submit({ member: 'leaves', rounds: 10 })
    await untilState(api.parts.db, trialId, 'succeeded')
    const trial = (await api.call('GET', `/v1/trials/${trialId}`)).json()
    assert.deepEqual([trial.attempt, trial.result], [1, { numbers: [0, 1] }])
    await until(async () => executor() !== undefined && executor() !== first)
  })

  await t.test('a member that throws fails the trial with its own failure; threads that die are the attempt’s death', async () => {
    const { trialId } = await submit({ member: 'throws', rounds: 10 })
    await untilState(api.parts.db, trialId, 'failed')
    const { failure } = (await api.call('GET', `/v1/trials/${trialId}`)).json()
    assert.deepEqual([failure.code, failure.message], ['non_finite', 'number 1 must stay finite, got NaN'])

    const dying = await submit({ member: 'dies', rounds: 10 })
    await untilState(api.parts.db, dying.trialId, 'failed')
    const trial = (await api.call('GET', `/v1/trials/${dying.trialId}`)).json()
    assert.equal(trial.failure.code, 'worker_died')
    assert.equal(trial.attempt, 3)

    // The lane goes on.
    const next = await submit({ member: 'works', rounds: 10 })
    await untilState(api.parts.db, next.trialId, 'succeeded')
  })
})

test('a crew that is larger than its lane takes the whole lane, and is as large as it must be', { timeout }, async t => {
  const { api, submit } = await openStage(t, 1)
  const { trialId } = await submit({ member: 'works', rounds: 50 })
  await untilState(api.parts.db, trialId, 'succeeded')
  const trial = (await api.call('GET', `/v1/trials/${trialId}`)).json()
  assert.deepEqual([trial.slots, trial.threads, trial.crew, trial.result], [2, 1, 2, { numbers: sequential(50) }])
})
