/** What the API keeps of requests: nothing. Schemas are compiled once, and memory does not grow with what was asked. */
import assert from 'node:assert/strict'
import { setFlagsFromString } from 'node:v8'
import { test } from 'node:test'
import { runInNewContext } from 'node:vm'
import { Ajv } from 'ajv'
import { openTestApp } from '../helpers/app.js'

/** What is kept by a compiled schema of a kind is about 0.2 MB: a hundred validations that compile would pass this. */
const MAX_GROWTH_BYTES = 20 * 2 ** 20

function collectGarbage (): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  collect()
  return process.memoryUsage().heapUsed
}

/** Does it so often, a few at a time as many clients would. */
async function repeat (times: number, work: (i: number) => Promise<void>): Promise<void> {
  let next = 0
  await Promise.all(Array.from({ length: 8 }, async () => {
    while (next < times) await work(next++)
  }))
}

test('2,000 validations, right and wrong ones: no schema is compiled again, and memory stays flat', async t => {
  const { app, team } = await openTestApp(t)
  const headers = { authorization: `Bearer ${team.keys.member}` }
  const spec = { target: { type: 'step', points: 16 }, optimizers: [{ type: 'gd' }], network: { hidden: [2] } }
  const validate = async (i: number): Promise<void> => {
    const payload = { kind: 'frequency-principle', spec: i % 2 === 0 ? spec : { ...spec, seeds: [`not a seed ${i}`] } }
    const response = await app.inject({ method: 'POST', url: '/v1/experiments?validate=true', headers, payload })
    assert.deepEqual([response.statusCode, response.json().valid], [200, i % 2 === 0])
  }
  await repeat(200, validate)
  const before = collectGarbage()
  const compile = t.mock.method(Ajv.prototype, 'compile')
  await repeat(1800, validate)
  assert.equal(compile.mock.callCount(), 0)
  const grown = collectGarbage() - before
  assert.ok(grown < MAX_GROWTH_BYTES, `1,800 validations kept ${(grown / 2 ** 20).toFixed(1)} MiB`)
})

test('1,000 refused uploads: no schema is compiled again, and memory stays flat', async t => {
  const { app, team } = await openTestApp(t)
  const boundary = 'boundary-of-the-test'
  const headers = { authorization: `Bearer ${team.keys.member}`, 'content-type': `multipart/form-data; boundary=${boundary}` }
  const upload = async (i: number): Promise<void> => {
    const part = (name: string, value: string) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
    const payload = `${part('name', `refused ${i}`)}${part('format', 'csv')}${part('splitSeed', 'none')}--${boundary}--\r\n`
    const response = await app.inject({ method: 'POST', url: '/v1/datasets', headers, payload })
    assert.equal(response.statusCode, 400, response.body)
  }
  await repeat(200, upload)
  const before = collectGarbage()
  const compile = t.mock.method(Ajv.prototype, 'compile')
  await repeat(800, upload)
  assert.equal(compile.mock.callCount(), 0)
  const grown = collectGarbage() - before
  assert.ok(grown < MAX_GROWTH_BYTES, `800 refused uploads kept ${(grown / 2 ** 20).toFixed(1)} MiB`)
})
