/**
 * Whatever is accepted must be able to run: specs drawn from the schema of every kind, their check, and each that it
 * lets pass run to its end, or to a number that is none, which is a finding and not a fault. Names no kind.
 */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Algorithm, Dataset, FinishedTrial, TrialDefinition } from '../../src/algorithms/contract.js'
import { algorithms } from '../../src/algorithms/registry.js'
import { findMisfit } from '../../src/datasets/accepts.js'
import { openStream } from '../../src/math/random.js'
import { compileCheck } from '../../src/routes/validation.js'
import { generateData, runToEnd } from '../helpers/drive.js'
import { sampleSchema } from '../helpers/sample-schema.js'
import { openTestEngine } from '../tensor/helpers.js'
import { describeData } from '../helpers/inputs.js'
import { dataInputs } from '../../src/algorithms/references.js'

const engine = await openTestEngine()
/** Specs per kind; ten times as many found nothing more. */
const SPECS = 1000
/** So many are run, or those of the first 200 if they are enough. */
const RUN = 6
/** Of them must pass the check, or it would say little. */
const LEAST = 5

/** Small enough for a hundred trials in a few seconds. */
const caps = {
  epochs: 4,
  batchSize: 64,
  steps: 6,
  evaluations: 60,
  train: 40,
  test: 12,
  features: 8,
  classes: 12,
  points: 64,
  particles: 8,
  filters: 3,
  units: 8,
  hidden: 6,
  trainExamples: 48,
  testExamples: 16,
  examples: 48,
  count: 8,
  side: 12,
  neighbours: 9,
  memory: 9,
  frequencies: 40,
  moments: 8,
  drops: 6,
  repeats: 3,
  dimensions: 12,
  size: 12,
  rank: 6,
  workers: 5,
  threads: 2,
  crew: 2,
  testInstances: 24,
  instances: 32,
  starts: 3,
  candidates: 4,
  labels: 2,
  users: 4,
  samples: 3,
  budget: 60,
  warmup: 2,
  rounds: 3,
  shapes: 3,
  every: 2,
  width: 12,
  height: 3,
  initialisers: Infinity // a list, which is drawn then: its default trains networks of full size
}

test('every kind: a spec that is accepted runs, and its report is drawn', async () => {
  for (const algorithm of algorithms) {
    const accepted = specsOf(algorithm)
    assert.ok(accepted.length >= LEAST, `enough specs of ${algorithm.kind} are accepted, got ${accepted.length}`)
    for (const spec of accepted) await mustRun(algorithm, spec)
  }
})

/** Draws specs and keeps those that are accepted. */
function specsOf (algorithm: Algorithm): unknown[] {
  const isValid = compileCheck(algorithm.spec, { root: 'spec' })
  const accepted: unknown[] = []
  for (let i = 0; i < SPECS && accepted.length < (i < 200 ? RUN : LEAST); i++) {
    const spec = sampleSchema(algorithm.spec, openStream(1, 'specs', i), caps)
    const broken = isValid(spec)
    assert.deepEqual(broken, [], `the sampler draws what fits the schema: ${JSON.stringify(spec)}`)
    if (algorithm.inputs(spec).some(({ kind }) => kind !== 'data')) continue // of which there are none here
    const trials = algorithm.plan(spec)
    const inputs = describe(algorithm, trials)
    if (dataInputs(algorithm, spec).some(({ name, accepts }) => findMisfit(inputs[name]!, accepts) !== undefined)) continue
    if ((algorithm.check?.(spec, describeData(inputs)) ?? []).length === 0) accepted.push(spec)
  }
  return accepted
}

function describe (algorithm: Algorithm, trials: TrialDefinition[]): Record<string, Dataset> {
  return Object.assign({}, ...trials.map(trial => generateData(algorithm, trial)))
}

async function mustRun (algorithm: Algorithm, spec: unknown): Promise<void> {
  const where = `${algorithm.kind} ${JSON.stringify(spec)}`
  const finished: FinishedTrial<unknown, unknown>[] = []
  for (const [i, definition] of algorithm.plan(spec).entries()) {
    try {
      const { result, metrics } = await runToEnd(algorithm, definition, { engine, data: generateData(algorithm, definition) })
      if (result !== undefined) assert.deepEqual(compileCheck(algorithm.result, { root: 'result' })(structuredClone(result)), [], where)
      finished.push({ id: String(i), definition, state: result === undefined ? 'failed' : 'succeeded', result, metrics })
    } catch (error) {
      // What the values of the data decide is found by the run, and is said as such.
      if ((error as { code?: string }).code === 'unmeasurable') continue
      throw new Error(`A trial that was accepted must run: ${where}`, { cause: error })
    }
  }
  assert.ok(algorithm.report(spec as never, finished as never).verdict.claim !== '', where)
}
