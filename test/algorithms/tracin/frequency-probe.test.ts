import assert from 'node:assert/strict'
import test from 'node:test'
import type { RunEvent } from '../../../src/algorithms/contract.js'
import { tracin } from '../../../src/algorithms/tracin/index.js'
import type { TracinResult, TracinSpec } from '../../../src/algorithms/tracin/spec.js'
import { compileCheck } from '../../../src/routes/validation.js'
import { drive, driveInPieces, fillSpec, fingerprint, generateData, type DriveOptions } from '../../helpers/drive.js'
import { openTestEngine } from '../../tensor/helpers.js'

const engine = await openTestEngine()
const algorithm = tracin as unknown as Parameters<typeof fillSpec>[0]

const probe = { methods: ['filter', 'projection'], widths: [0.1], frequencies: [1, 3], examples: 60, recordsPerDecade: 5 }

function trialOf (frequencyProbe?: object) {
  const spec = fillSpec<TracinSpec>(algorithm, {
    data: { generator: { type: 'blobs', classes: 3, features: 4, train: 90, test: 20 } },
    network: { type: 'mlp', hidden: [8] },
    epochs: 5,
    batchSize: 20,
    checkpoints: { type: 'every', epochs: 5 },
    ...(frequencyProbe ? { frequencyProbe } : {})
  })
  return tracin.plan(spec)[0]!
}

async function runTrial (trial: ReturnType<typeof trialOf>, options: Partial<DriveOptions> = {}) {
  const driven = await drive(algorithm, trial, { engine, data: generateData(algorithm, trial), ...options })
  return { ...driven, result: driven.result as TracinResult }
}

const isOfProbe = (event: RunEvent) => (event.type === 'artifact' && event.name === 'heat-map') ||
  (event.type === 'metrics' && Object.keys(event.values).some(name => name.startsWith('spectralError/')))

test('run: the frequency probe measures the model on the training labels, from its first weights to its last', async () => {
  const { events, result } = await runTrial(trialOf(probe))
  const first = events.findIndex(isOfProbe)
  assert.ok(first > events.findIndex(event => event.type === 'model' && event.name === 'trained'))
  const emitted = events.filter(isOfProbe)
  const metrics = emitted.filter(event => event.type === 'metrics')
  // 90 examples in batches of 20 are 5 steps an epoch, 25 in all
  assert.deepEqual(metrics.map(({ step }) => step), [0, 1, 2, 3, 4, 6, 10, 16, 25])
  assert.deepEqual(Object.keys(metrics[0]!.values), ['low 0.1', 'high 0.1', '1', '3'].map(key => `spectralError/${key}`))
  const pictures = emitted.filter(event => event.type === 'artifact')
  assert.deepEqual(pictures.map(({ name, mediaType, step }) => [name, mediaType, step]), [2, 6, 25].map(step => ['heat-map', 'image/png', step]))
  const last = metrics.at(-1)!.values
  assert.ok(last['spectralError/low 0.1']! < metrics[0]!.values['spectralError/low 0.1']!)
  assert.deepEqual(result.frequencyProbe!.methods.map(({ method }) => method), ['filter', 'projection'])
  assert.equal(result.frequencyProbe!.methods[0]!.bands[0]!.error, last['spectralError/low 0.1'])
  assert.deepEqual(compileCheck(tracin.result, { root: 'result' })(structuredClone(result)), [])
})

test('run: the frequency probe changes no other number', async () => {
  const without = await runTrial(trialOf())
  const { events, result } = await runTrial(trialOf(probe))
  assert.equal(without.events.some(isOfProbe), false)
  assert.equal(fingerprint(events.filter(event => !isOfProbe(event))), fingerprint(without.events))
  const { frequencyProbe, ...rest } = result
  assert.ok(frequencyProbe)
  assert.deepEqual(rest, without.result)
})

test('run: with the frequency probe on it goes on from a boundary to the bit', async () => {
  const trial = trialOf(probe)
  const whole = await runTrial(trial, { keep: Array.from({ length: 40 }, (_, i) => 3 * i) })
  const kept = [...whole.snapshots.values()].filter(({ state }) => 'spectrum' in state.values)
  assert.ok(kept.length > 3 && kept.length < whole.snapshots.size, `${kept.length} of ${whole.snapshots.size} lie in the part that is measured`)
  const cuts = [...whole.snapshots.values()].map(({ events }) => events)
  const pieces = await driveInPieces(algorithm, trial, { engine, data: generateData(algorithm, trial) }, cuts)
  assert.equal(fingerprint(pieces.events), fingerprint(whole.events))
  assert.equal(fingerprint(pieces.result), fingerprint(whole.result))
})

test('TracinSpec: the frequency probe is off unless asked for, and refuses what cannot be meant', () => {
  assert.equal(trialOf().spec.frequencyProbe, undefined)
  const check = compileCheck(tracin.spec, { root: 'spec' })
  const refused = [{ methods: [] }, { widths: [0] }, { examples: 2001 }, { frequencies: [1, 1] }, { frequency: [1] }]
  for (const frequencyProbe of refused) {
    const violations = check({ ...structuredClone(trialOf().spec), frequencyProbe })
    assert.ok(violations.some(({ path }) => path.startsWith('spec.frequencyProbe')), JSON.stringify(frequencyProbe))
  }
})
