/** When `start` gives up, whoever started it is told: by its exit code and its last words, and nothing is left running. */
import assert from 'node:assert/strict'
import { appendFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { follow, startService } from '../helpers/service.js'

test('start ends with code 1 and the reason when its database does not come up again; nobody waits for it', { timeout: 290_000 }, async t => {
  const service = await startService(t)
  const { id } = await service.json('POST', '/v1/experiments', { kind: 'frequency-principle', preset: 'paper' })
  const following = follow(service, id)
  following.catch(() => {}) // looked at below
  appendFileSync(path.join(service.folder, 'postgres', 'postgresql.conf'), 'no_such_setting = 1\n')
  await service.kill('postgres')
  await assert.rejects(following, {
    message: /^start ended by itself \(code 1\):[^]*PostgreSQL ended at its start[^]*unrecognized configuration parameter "no_such_setting"/
  })
  assert.deepEqual(service.processes(), [])
})
