/** Stored models over HTTP. A lane that answers is played by the test: what is asked and what is passed on is the routes'. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Failure } from '../../src/errors.js'
import type { Parts } from '../../src/app.js'
import { finishQuery } from '../../src/storage/queries.js'
import { openTestApp } from '../helpers/app.js'
import { makeEverything } from './fixtures.js'

interface Asked { operation: string, request: Record<string, unknown> }

/** Answers every question as a lane does. @returns what was asked */
async function playLane (
  { boss, db }: Parts, answer: (asked: Asked) => { response: unknown } | { file: Uint8Array } | { failure: Failure }, queue = 'query'
): Promise<Asked[]> {
  const questions: Asked[] = []
  await boss.work(queue, { batchSize: 1, pollingIntervalSeconds: 1 }, async ([job]) => {
    const { queryId } = job!.data as { queryId: string }
    const { rows: [query] } = await db.pool.query('select operation, request from query where id = $1', [queryId])
    questions.push(query)
    const outcome = answer(query)
    const failed = 'failure' in outcome
    await db.pool.query(
      `with done as (update query set state = $2, response = $3::jsonb, file = $4, failure = $5::jsonb, finished_at = now() where id = $1)
       select pg_notify('queries', $1::text)`,
      [queryId, failed ? 'failed' : 'succeeded', 'response' in outcome ? JSON.stringify(outcome.response) : null,
        'file' in outcome ? outcome.file : null, failed ? JSON.stringify(outcome.failure) : null])
  })
  return questions
}

const prediction = { head: 'classes', label: 1, labelName: 'yes', probabilities: [0.1, 0.9] }
const index = {
  layers: 'last',
  examples: 4,
  checkpoints: [{ step: 5, learningRate: 0.1, weight: 0.02 }],
  coverage: [{ layer: 0, type: 'dense', parameters: ['weight', 'bias'] }],
  exact: true,
  weights: 'interval',
  unit: 'change of the loss',
  notes: ['First order']
}

test('POST …/predict: the answer of a lane is passed on', async t => {
  const { call, parts, team } = await openTestApp(t)
  const { modelId } = await makeEverything(parts, team)
  const response = { results: [{ query: { split: 'test', index: 1 }, ...prediction }], checkpoint: 5 }
  const asked = await playLane(parts, () => ({ response }))
  const answer = await call('POST', `/v1/models/${modelId}/predict`, { body: { queries: [{ split: 'test', index: 1 }] } })
  assert.deepEqual([answer.statusCode, answer.json()], [200, response], answer.body)
  assert.deepEqual(asked, [{ operation: 'predict', request: { queries: [{ split: 'test', index: 1 }] } }])
})

test('POST …/influence: defaults are filled in, a lane’s refusal is the caller’s', async t => {
  const { call, parts, team } = await openTestApp(t)
  const { modelId } = await makeEverything(parts, team)
  const scored = { index: 2, label: 1, score: 0.5, shares: [0.5] }
  const response = { results: [{ query: { input: 'raw' }, label: 1, labelFrom: 'prediction', prediction, proponents: [scored], opponents: [] }], method: 'tracin-cp', index }
  const asked = await playLane(parts, ({ request }) => (request.queries as { index?: number }[])[0]!.index === 99
    ? { failure: { code: 'invalid_input', message: 'queries[0].index must be < 2, got 99' } }
    : { response })
  const answer = await call('POST', `/v1/models/${modelId}/influence`, { body: { queries: [{ input: [0, 1, 2, 3, 4, 5] }] } })
  assert.deepEqual([answer.statusCode, answer.json()], [200, response], answer.body)
  assert.deepEqual(asked[0]!.request, { queries: [{ input: [0, 1, 2, 3, 4, 5] }], layers: 'last', topK: 10, show: false })
  const refused = await call('POST', `/v1/models/${modelId}/influence`, { body: { queries: [{ split: 'test', index: 99 }] } })
  assert.deepEqual([refused.statusCode, refused.json().code, refused.json().detail], [422, 'invalid_input', 'queries[0].index must be < 2, got 99'])
  for (const body of [{}, { queries: [] }, { queries: [{}], topK: 0 }, { queries: [{ split: 'valid' }] }, { queries: [{}], layers: 'first' }]) {
    assert.equal((await call('POST', `/v1/models/${modelId}/influence`, { body })).statusCode, 400, JSON.stringify(body))
  }
})

test('POST …/influence: 409 says how to build the index that is missing, and that way works', async t => {
  const { call, parts, team } = await openTestApp(t)
  const { modelId, trialId } = await makeEverything(parts, team)
  const refused = await call('POST', `/v1/models/${modelId}/influence`, { body: { queries: [{ split: 'test', index: 0 }], layers: 'all' } })
  assert.deepEqual([refused.statusCode, refused.json().code], [409, 'index_missing'])
  const { remedy } = refused.json()
  assert.deepEqual(remedy, { method: 'POST', path: `/v1/models/${modelId}/influence-indexes`, body: { layers: 'all' } })
  const early = await call(remedy.method, remedy.path, { body: remedy.body })
  assert.deepEqual([early.statusCode, early.json().code], [409, 'conflict'], 'the trial still runs')
  await parts.db.pool.query("update trial set state = 'succeeded' where id = $1", [trialId])
  const building = await call(remedy.method, remedy.path, { body: remedy.body })
  assert.deepEqual([building.statusCode, building.json().state, building.json().layers], [202, 'building', 'all'])
  assert.deepEqual(building.json().progress, { done: 0, of: 1 })
  const again = await call('POST', `/v1/models/${modelId}/influence`, { body: { queries: [{ split: 'test', index: 0 }], layers: 'all' } })
  assert.match(again.json().detail, /is still building its influence index/)
  const { items } = (await call('GET', `/v1/models/${modelId}/influence-indexes`)).json()
  assert.deepEqual(items.map((item: { layers: string }) => item.layers).sort(), ['all', 'last'])
})

test('a model without a checkpoint: 409 says so, whatever is asked of it', async t => {
  const { call, parts, team } = await openTestApp(t)
  const { modelId, trialId, indexId } = await makeEverything(parts, team)
  await parts.db.pool.query('delete from checkpoint')
  await parts.db.pool.query("update trial set state = 'failed' where id = $1", [trialId])
  const body = { queries: [{ split: 'test', index: 0 }] }
  for (const [method, route, sent] of [
    ['POST', 'predict', body], ['POST', 'influence', body], ['GET', 'self-influence', undefined], ['POST', 'influence-indexes', { layers: 'all' }]
  ] as const) {
    const answer = await call(method, `/v1/models/${modelId}/${route}`, sent === undefined ? {} : { body: sent })
    assert.deepEqual([answer.statusCode, answer.json().code, answer.json().detail], [409, 'no_checkpoint', `model ${modelId}`], route)
  }
  assert.deepEqual((await team.store.indexes.list(modelId)).map(({ id }) => id), [indexId], 'no index of nothing')
})

test('GET …/self-influence: pages by cursor', async t => {
  const { call, parts, team } = await openTestApp(t)
  const { modelId } = await makeEverything(parts, team)
  const all = [3, 1, 0, 2].map((example, i) => ({ rank: i + 1, index: example, label: 0, score: 4 - i, shares: [4 - i] }))
  const asked = await playLane(parts, ({ request }) => {
    const { offset, limit } = request as { offset: number, limit: number }
    const end = offset + limit
    return { response: { items: all.slice(offset, end), total: 4, nextOffset: end < 4 ? end : null, method: 'tracin-cp', index } }
  })
  const url = `/v1/models/${modelId}/self-influence?limit=3&order=asc&checkpoints=5,10&weights=rate`
  const first = (await call('GET', url)).json()
  assert.deepEqual([first.items, first.total, first.method], [all.slice(0, 3), 4, 'tracin-cp'])
  const second = (await call('GET', `${url}&cursor=${first.nextCursor}`)).json()
  assert.deepEqual([second.items, second.nextCursor], [all.slice(3), null])
  assert.deepEqual(asked[1]!.request, { limit: 3, order: 'asc', layers: 'last', offset: 3, checkpoints: [5, 10], weights: 'rate' })
  assert.equal((await call('GET', `${url}&cursor=abc`)).json().code, 'invalid_cursor')
  assert.equal((await call('GET', `/v1/models/${modelId}/self-influence?checkpoints=x`)).statusCode, 400)
  assert.equal((await call('GET', `/v1/models/${modelId}/self-influence?weights=even`)).statusCode, 400)
})

test('POST …/attack: JSON or a picture by Accept, from the lane’s side for long work; what cannot mean anything is 400', async t => {
  const { call, parts, team } = await openTestApp(t)
  const { modelId } = await makeEverything(parts, team)
  const size = { network: 0.3, stored: 76.5 }
  const response = {
    cleanAccuracy: 1, robustAccuracy: 0.5, norm: 'linf', radius: size, stepSize: size, box: null, steps: 40, restarts: 2, examples: [], checks: [], checkpoint: 5
  }
  const file = Uint8Array.of(0x89, 0x50, 0x4e, 0x47)
  const outcomes = [{ response }, { file }, { failure: { code: 'not_acceptable', message: 'only inputs …' } as const }]
  const asked = await playLane(parts, () => outcomes.shift()!, 'long-query')
  const url = `/v1/models/${modelId}/attack`
  const answer = await call('POST', url, { body: { radius: 0.3, restarts: 2 } })
  assert.deepEqual([answer.statusCode, answer.json()], [200, response], answer.body)
  assert.deepEqual(asked[0]!.request, {
    radius: 0.3, restarts: 2, examples: { split: 'test' }, norm: 'linf', units: 'network', steps: 40, objective: 'loss', seed: 0, checks: true
  })
  const picture = await call('POST', url, { body: { radius: 0.3 }, headers: { accept: 'image/png' } })
  assert.deepEqual([picture.statusCode, picture.headers['content-type'], picture.rawPayload], [200, 'image/png', Buffer.from(file)])
  const none = await call('POST', url, { body: { radius: 0.3 }, headers: { accept: 'image/png' } })
  assert.deepEqual([none.statusCode, none.json().code], [406, 'not_acceptable'])
  assert.equal((await call('POST', url, { body: { radius: 0.3 }, headers: { accept: 'text/csv' } })).statusCode, 406)
  for (const [body, path] of [
    [{}, 'radius'], [{ radius: 0 }, 'radius'], [{ radius: 1, norm: 'l0' }, 'norm'], [{ radius: 1, box: { low: 2, high: 1 } }, 'box.high'],
    [{ radius: 1, examples: { count: 10_000 }, steps: 1000 }, 'steps'], [{ radius: 1, epsilon: 2 }, 'epsilon']
  ] as const) {
    const { statusCode, ...refused } = await call('POST', url, { body })
    assert.deepEqual([statusCode, refused.json().errors[0].path.replace(/^body\./, '')], [400, path], JSON.stringify(body))
  }
})

test('GET /v1/queries/{id}: a picture comes with the Accept that it was asked for with, once it is there', async t => {
  const { call, parts, team } = await openTestApp(t)
  const { modelId } = await makeEverything(parts, team)
  const accepted = await call('POST', `/v1/models/${modelId}/attack`, { body: { radius: 0.3 }, headers: { accept: 'image/png' } })
  assert.equal(accepted.statusCode, 202, accepted.body)
  const url = accepted.headers.location as string
  const get = async (accept: string) => await call('GET', url, { headers: { accept } })
  assert.deepEqual([(await get('image/png')).statusCode, (await get('image/png')).json().code], [409, 'not_finished'])
  const { rowCount } = await parts.db.pool.query(
    "update query set state = 'succeeded', file = $2, finished_at = now() where id = $1", [accepted.json().queryId, Buffer.from('PNG')])
  assert.equal(rowCount, 1)
  assert.deepEqual([(await get('image/png')).body, (await get('image/png')).headers['content-type']], ['PNG', 'image/png'])
  const { mediaType, response, state } = (await get('application/json')).json()
  assert.deepEqual([mediaType, response, state], ['image/png', null, 'succeeded'])
  const { queryId } = (await call('POST', `/v1/models/${modelId}/predict`, { body: { queries: [{ split: 'test', index: 0 }] } })).json()
  assert.equal((await call('GET', `/v1/queries/${queryId}`, { headers: { accept: 'image/png' } })).statusCode, 406)
})

test('a question that takes longer than two seconds is 202, and its answer is at /v1/queries/{id}', async t => {
  const { call, parts, team } = await openTestApp(t)
  const { modelId } = await makeEverything(parts, team)
  const accepted = await call('POST', `/v1/models/${modelId}/predict`, { body: { queries: [{ split: 'test', index: 0 }] } })
  assert.equal(accepted.statusCode, 202, accepted.body)
  const { queryId } = accepted.json()
  assert.equal(accepted.headers.location, `/v1/queries/${queryId}`)
  assert.deepEqual([(await call('GET', `/v1/queries/${queryId}`)).json().state], ['queued'])
  const response = { results: [], checkpoint: 5 }
  await finishQuery(parts.db.pool, queryId, { response })
  const query = (await call('GET', `/v1/queries/${queryId}`)).json()
  assert.deepEqual([query.state, query.response, query.operation], ['succeeded', response, 'predict'])
})

test('GET /v1/models: by experiment, trial and data set; the training view only in the one', async t => {
  const { call, parts, team } = await openTestApp(t)
  const { modelId, experimentId, datasetId, queryId } = await makeEverything(parts, team)
  for (const query of [`experimentId=${experimentId}`, `datasetId=${datasetId}`, '']) {
    const { items } = (await call('GET', `/v1/models?${query}`)).json()
    assert.deepEqual(items.map((item: { id: string }) => item.id), [modelId], query)
    assert.equal(items[0].trainingView, undefined)
  }
  assert.deepEqual((await call('GET', `/v1/models?experimentId=${queryId}`)).json().items, [])
  const model = (await call('GET', `/v1/models/${modelId}`)).json()
  assert.deepEqual(model.trainingView.relabelled, { indices: [1], labels: [0] })
  assert.deepEqual(model.checkpoints.map((checkpoint: { step: number }) => checkpoint.step), [5])
})
