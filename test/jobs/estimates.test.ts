/** What trials of every kind say of their steps while they are queued, against what their runs tell. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { algorithms } from '../../src/algorithms/registry.js'
import { runNode } from '../../src/jobs/node.js'
import { openTestApp } from '../helpers/app.js'
import { until } from '../helpers/trials.js'

test('a queued trial shows the steps that its run will tell', { timeout: 600_000 }, async t => {
  const { call, config, parts: { db } } = await openTestApp(t)
  const stepsOf = new Map<string, number>()
  const experiments: string[] = []
  for (const { kind, presets: [preset] } of algorithms) {
    const { id, progress, trials } = (await call('POST', '/v1/experiments', { body: { kind, preset: preset!.name } })).json()
    experiments.push(id)
    for (const { id: trialId } of trials) {
      const { state, progress, estimate } = (await call('GET', `/v1/trials/${trialId}`)).json()
      assert.deepEqual([state, progress], ['queued', { done: 0, of: estimate.steps }])
      assert.ok(Number.isInteger(progress.of) && progress.of > 0, `${progress.of}`)
      stepsOf.set(trialId, progress.of)
    }
    assert.equal(progress.of, trials.reduce((sum: number, trial: { id: string }) => sum + stepsOf.get(trial.id)!, 0))
  }

  const node = await runNode({ ...config, lanes: [{ device: 'cpu', slots: 2 }] }, () => {})
  t.after(async () => { await node.stop() })
  for (const id of experiments) {
    const { rows: [{ state }] } = await until(async () => {
      const found = await db.pool.query('select state from experiment where id = $1 and finished_at is not null', [id])
      return found.rowCount === 0 ? undefined : found
    })
    assert.equal(state, 'succeeded')
  }
  const { rows } = await db.pool.query("select trial_id as trial, (data->>'of')::float8 as of from event where type = 'progress'")
  assert.deepEqual(new Set(rows.map(({ trial }) => trial)), new Set(stepsOf.keys()))
  for (const { trial, of } of rows) assert.equal(of, stepsOf.get(trial))
})
