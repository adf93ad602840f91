/** Submitting, reading, changing and steering experiments over HTTP. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestApp } from '../helpers/app.js'

test('POST /v1/experiments: fills defaults, fixes data to a data set, plans trials', async t => {
  const { call, team } = await openTestApp(t)
  const created = await call('POST', '/v1/experiments', { body: { kind: 'tracin', spec: { seeds: [1, 2] } } })
  assert.equal(created.statusCode, 201, created.body)
  const experiment = created.json()
  assert.equal(created.headers.location, `/v1/experiments/${experiment.id}`)
  console.log(JSON.stringify(experiment, null, 1), team.id)
})
