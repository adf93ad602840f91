/**
 * Trials with real asynchronous threads whose executor is killed: what came after the snapshot is taken back and told
 * anew, and whoever follows ends with what is stored. One that says that it repeats itself fails.
 */
import { drifters } from '../kinds/drifters.js' // first: the routes' schemas list the kinds
import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { decode } from 'fast-png'
import { runNode } from '../../src/jobs/node.js'
import type { Frame } from '../../src/storage/events.js'
import { testContract } from '../algorithms/contract-suite.js'
import { openTestApp } from '../helpers/app.js'
import { temporaryFolder } from '../helpers/folder.js'
import { killSurely } from '../helpers/processes.js'
import { forms, openStream } from '../helpers/stream-client.js'
import { childrenOf, until, untilState } from '../helpers/trials.js'

const timeout = 300_000
const generator = { type: 'blobs', classes: 2, features: 3, train: 6, test: 2, seed: 1 }
const rounds = 8
/** The last round before the executor is killed, whose events are stored. */
const at = 6

/** The data of an event, of any type. */
interface Told {
  step: number
  ordinal: number
  values: Record<string, number>
  timings: Record<string, number>
  checkpointId: string
  artifactId: string
  modelId: string
}

testContract(drifters, { data: { generator }, rounds: 6, declares: 'drifts', ends: 'settled' })

async function openStage (t: TestContext) {
  const api = await openTestApp(t)
  const socketPath = path.join(temporaryFolder(), 'api')
  await api.app.listen({ path: socketPath })
  process.env.NODE_OPTIONS = `--import=${new URL('../kinds/drifters.js', import.meta.url).href}`
  t.after(() => { delete process.env.NODE_OPTIONS })
  const node = await runNode({ ...api.config, snapshotSeconds: 1, lanes: [{ device: 'cpu', slots: 2 }] }, () => {})
  t.after(async () => { await node.stop() })
  const { db } = api.parts
  const file = path.join(temporaryFolder(), 'held')

  return {
    ...api,
    async submit (spec: object) {
      const body = { kind: 'drifters', spec: { data: { generator }, rounds, declares: 'drifts', ends: 'settled', ...spec } }
      const response = await api.call('POST', '/v1/experiments', { body })
      assert.equal(response.statusCode, 201, response.body)
      const { id, trials: [trial] } = response.json()
      const url = `/v1/experiments/${id}/events`
      const followers = await Promise.all(forms.map(async form =>
        await openStream(form, socketPath, url, { authorization: `Bearer ${api.team.keys.viewer}` })))
      followers.forEach(({ close }) => { t.after(close) })
      return { id: id as string, trialId: trial.id as string, followers }
    },
    hold (snapshotAt?: number) {
      writeFileSync(file, '')
      return { file, at, ...(snapshotAt === undefined ? {} : { snapshotAt }) }
    },
    release: () => { rmSync(file) },
    /** Kills the executor when all of round `at` is stored, after so many rewinds. */
    async kill (trialId: string, rewinds = 0): Promise<void> {
      await until(async () => (await db.pool.query(
        `select from trial where id = $1 and progress_done = $2 and state = 'running'
           and (select count(*) from event where trial_id = $1 and type = 'rewind') = $3`, [trialId, at, rewinds])).rowCount)
      const executors = childrenOf(process.pid).filter(({ environment }) => environment.includes('drifters.js'))
      assert.equal(executors.length, 1)
      killSurely(executors[0]!.pid)
    },
    one: async (sql: string, id: string) => (await db.pool.query(sql, [id])).rows
  }
}

/** What a client knows that keeps what it is told, and forgets what a rewind says. */
function fold (frames: Frame[], trialId: string): Frame[] {
  return frames.reduce((kept: Frame[], frame) => {
    if (frame.trialId !== trialId || frame.type === 'state' || frame.type === 'log') return kept
    return frame.type === 'rewind' ? kept.filter(({ seq }) => seq < Number(frame.data.fromSeq)) : [...kept, frame]
  }, [])
}

const ofType = (frames: Frame[], type: string) => frames.filter(frame => frame.type === type).map(({ data }) => data as unknown as Told)
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1)

// One lane for all: what one trial makes of its executor, the next one finds anew.
test('trials with asynchronous threads', { timeout }, async t => {
  const stage = await openStage(t)

  for (const [name, snapshotAt, kills] of [['after a snapshot', 3, 1], ['twice after a snapshot', 3, 2], ['before any snapshot', undefined, 1]] as const) {
    await t.test(`a trial that does not repeat itself, killed ${name}, takes back what came after it and goes on`, async () => {
      const { call, one } = stage
      const { id, trialId, followers } = await stage.submit({ held: stage.hold(snapshotAt) })
      for (let done = 0; done < kills; done++) await stage.kill(trialId, done)
      stage.release()
      await untilState(stage.parts.db, trialId, 'succeeded')

      const announced = await Promise.all(followers.map(async ({ closed, frames }) => {
        assert.equal(await closed, 1000)
        return frames.filter((frame): frame is Frame => 'data' in frame && 'seq' in frame)
      }))
      const frames: Frame[] = []
      for (let more = true; more;) {
        const { items } = (await call('GET', `/v1/experiments/${id}/events?after=${frames.at(-1)?.seq ?? 0}&limit=20`)).json()
        frames.push(...items)
        more = items.length > 0
      }
      for (const live of announced) assert.deepEqual(live, frames, 'live and stored are one')
      assert.deepEqual(frames.map(({ seq }) => seq), range(frames.length), 'no gaps')

      // Of every round came five events, and one before them.
      const rewinds = ofType(frames, 'rewind')
      const ordinal = snapshotAt === undefined ? 0 : 1 + 5 * snapshotAt
      assert.deepEqual(rewinds.map(data => data.ordinal), new Array(kills).fill(ordinal))
      assert.ok(frames.filter(({ type }) => type === 'rewind').every(frame => frame.trialId === trialId))
      const kept = fold(frames, trialId)
      assert.deepEqual(kept.map(({ type }) => type), ['model', ...range(rounds).flatMap(() => ['checkpoint', 'influence', 'artifact', 'metrics', 'progress'])])
      const undone = frames.filter(frame => frame.trialId === trialId && !kept.includes(frame))
      const again = ofType(undone, 'metrics')
      assert.deepEqual(again.map(({ step }) => step), new Array(kills).fill(range(at).slice(snapshotAt ?? 0)).flat())
      assert.notDeepEqual(again.slice(0, at - (snapshotAt ?? 0)).map(({ values }) => values),
        ofType(kept, 'metrics').slice(snapshotAt ?? 0, at).map(({ values }) => values), 'other numbers')

      // What a client that heeds the rewinds has is what the service has.
      const points = (metric: string): unknown[] => ofType(kept, 'metrics').map(({ step, values, timings }) => [step, { ...values, ...timings }[metric]])
      const { items: curves } = (await call('GET', `/v1/experiments/${id}/metrics`)).json()
      for (const metric of ['mean', 'pushes', 'seconds']) {
        assert.deepEqual(curves.find((curve: { name: string }) => curve.name === metric).points, points(metric), metric)
      }
      for (const type of ['checkpoint', 'artifact'] as const) {
        const { items } = (await call('GET', `/v1/trials/${trialId}/${type}s`)).json()
        assert.deepEqual(items.map((item: { id: string }) => item.id).reverse(), ofType(kept, type).map(data => data[`${type}Id`]), type)
        for (const data of ofType(undone, type)) assert.equal((await call('GET', `/v1/${type}s/${data[`${type}Id`]}`)).statusCode, 404, type)
      }
      const { items: models } = (await call('GET', `/v1/models?experimentId=${id}`)).json()
      assert.deepEqual(models.map((model: { id: string }) => model.id), ofType(kept, 'model').map(({ modelId }) => modelId))
      const parts = await one('select step from influence_part join influence_index on id = index_id where model_id = $1 order by step', models[0].id)
      assert.deepEqual(parts.map(({ step }) => step), range(rounds), 'one part per checkpoint')

      const trial = (await call('GET', `/v1/trials/${trialId}`)).json()
      const pushes = ofType(kept, 'metrics').at(-1)!.values.pushes!
      assert.deepEqual([trial.attempt, trial.progress, trial.result.pushes >= pushes], [kills + 1, { done: rounds, of: rounds }, true])
      const figure = await call('GET', `/v1/experiments/${id}/figures/dot`)
      assert.deepEqual([...decode(figure.rawPayload).data], [pushes % 256], 'the last dot')
    })
  }

  await t.test('a trial that says that it repeats itself, and does not, fails with not_deterministic', async () => {
    const { id, trialId } = await stage.submit({ declares: 'repeats', held: stage.hold(3) })
    await stage.kill(trialId)
    stage.release()
    await untilState(stage.parts.db, trialId, 'failed')
    const { failure, outcome } = (await stage.call('GET', `/v1/trials/${trialId}`)).json()
    assert.deepEqual([failure.code, outcome], ['not_deterministic', null])
    const { items } = (await stage.call('GET', `/v1/experiments/${id}/metrics?name=pushes`)).json()
    assert.deepEqual(items[0].points.map(([step]: number[]) => step), range(at), 'what was recorded stays')
    assert.equal((await stage.one("select from event where trial_id = $1 and type = 'rewind'", trialId)).length, 0)
  })

  await t.test('outcomes: one that is declared is shown with its advice, also past NaN; another fails the trial', async () => {
    const [lost, elsewhere] = [await stage.submit({ ends: 'lost' }), await stage.submit({ ends: 'elsewhere' })]
    await untilState(stage.parts.db, lost.trialId, 'succeeded')
    await untilState(stage.parts.db, elsewhere.trialId, 'failed')
    const outcome = { name: 'lost', advice: 'Push less.' }
    assert.deepEqual((await stage.call('GET', `/v1/trials/${lost.trialId}`)).json().outcome, outcome)
    assert.deepEqual((await stage.call('GET', `/v1/experiments/${lost.id}`)).json().trials[0].outcome, outcome)
    const { failure } = (await stage.call('GET', `/v1/trials/${elsewhere.trialId}`)).json()
    assert.deepEqual(failure, { code: 'trial_error', message: 'result.outcome must be one of settled, lost, got "elsewhere"' })
  })
})
