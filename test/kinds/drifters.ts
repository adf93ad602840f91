/**
 * A kind for tests with real asynchronous threads: two of them push the weights of a small network at the same time,
 * without a barrier, so that no two runs have the same numbers. `declares` says whether it admits that. It yields
 * something of everything, has outcomes, and a figure that is an artifact. Importing it adds it to the registry.
 */
import { existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { encode } from 'fast-png'
import { Type, type Static } from '../../src/schema/type.js'
import {
  defineAlgorithm, type Crew, type CrewMember, type RunContext, type RunEvent, type TrialDefinition
} from '../../src/algorithms/contract.js'
import { DataReference } from '../../src/algorithms/kit/data.js'
import { addAlgorithm } from '../../src/algorithms/registry.js'
import { choice, closed } from '../../src/choices.js'
import { classifiable, openClasses } from '../../src/datasets/classes.js'
import { bare } from './bare.js'

const SIZE = 2

const Spec = Type.Object({
  data: DataReference,
  rounds: Type.Integer({ minimum: 1 }),
  declares: choice(['drifts', 'repeats']),
  /** how it ends; elsewhere is no outcome that it declares */
  ends: choice(['settled', 'lost', 'elsewhere']),
  /** while this file is there: a snapshot is taken after round `snapshotAt` and at no other place, and round `at` is the last */
  held: Type.Optional(Type.Object({
    file: Type.String(), snapshotAt: Type.Optional(Type.Integer({ minimum: 1 })), at: Type.Integer({ minimum: 1 })
  }, closed))
}, closed)
type Spec = Static<typeof Spec>
const Result = Type.Object({ outcome: choice(['settled', 'lost', 'elsewhere']), pushes: Type.Integer() }, closed)

export const drifters = defineAlgorithm({
  ...bare,
  kind: 'drifters',
  title: 'Drifters',
  spec: Spec,
  result: Result,
  metrics: {
    mean: { description: 'Mean weight', unit: '1', better: 'neither' },
    pushes: { description: 'Pushes of both threads', unit: '1', better: 'neither' },
    seconds: { description: 'Time so far', unit: 's', better: 'neither', timing: true }
  },
  outcomes: {
    settled: { advice: 'Nothing is to be done.' },
    lost: { advice: 'Push less.', nonFinite: true }
  },
  plan: spec => [{ arm: spec.declares, seed: 1, spec }],
  inputs: () => [{ path: 'spec.data', name: 'data', kind: 'data', accepts: classifiable }],
  needs: ({ spec }) => ({
    slots: SIZE, threads: 1, crew: SIZE, device: 'any', engine: 'float64', deterministic: spec.declares === 'repeats', estimate: { steps: spec.rounds, bytes: 0 }
  }),
  load: async () => ({ run }),
  report: (spec, trials) => ({
    ...bare.report(spec, trials),
    figures: trials.flatMap(({ id, state }) => state === 'succeeded'
      ? [{ name: 'dot', title: 'A dot', artifact: { trial: id, name: 'dot', step: spec.rounds } }]
      : [])
  })
})

interface Shared { weights: Float32Array, pushes: Int32Array }

/** Reads, changes and writes a weight, while the other may do so too. */
function push ({ weights, pushes }: Shared, by: number): void {
  const at = Atomics.add(pushes, 0, 1) % weights.length
  weights[at] = 0.99 * weights[at]! + by
}

/** What the other member does until the trial has ended. */
export function drifts ({ ended }: CrewMember, shared: Shared): void {
  const pause = new Int32Array(new SharedArrayBuffer(4))
  while (!ended()) {
    for (let burst = 0; burst < 1000; burst++) push(shared, 0.01)
    Atomics.wait(pause, 0, 0, 1)
  }
}

/** Goes on until the other has pushed meanwhile. */
function pushTogether (shared: Shared, ended: Crew['ended']): void {
  const before = Atomics.load(shared.pushes, 0)
  for (let own = 0; Atomics.load(shared.pushes, 0) === before + own && !ended(); own++) push(shared, -0.01)
}

async function * run (
  { spec: { rounds, ends, held } }: TrialDefinition<Spec>, { crew, clock, data, resume }: RunContext
): AsyncGenerator<RunEvent, Static<typeof Result>> {
  const { inputShape: [width], classes, train } = openClasses(data.data!)
  const shared: Shared = {
    weights: new Float32Array(new SharedArrayBuffer(4 * width! * classes)), pushes: new Int32Array(new SharedArrayBuffer(4))
  }
  shared.weights.set(resume?.arrays.weights?.data as Float32Array | undefined ?? [])
  shared.pushes[0] = resume?.values.pushes as number | undefined ?? 0
  const from = resume?.values.round as number | undefined ?? 0
  const { ended } = crew(SIZE, { module: import.meta.url, export: 'drifts' }, shared)
  const isHeld = () => held !== undefined && existsSync(held.file)
  let snapshots = 0

  if (resume === undefined) {
    yield {
      type: 'model',
      name: 'drifting',
      network: { inputShape: [width!], layers: [{ type: 'dense', units: classes, activation: 'linear' }] },
      preprocessing: { offset: 0, scale: 1 },
      trainingView: { data: 'data', split: 'train', count: train.count, dropped: [], relabelled: { indices: [], labels: [] } }
    }
  }
  for (let round = from + 1; round <= rounds; round++) {
    pushTogether(shared, ended)
    const pushes = Atomics.load(shared.pushes, 0)
    const weights = shared.weights.slice()
    const isLost = ends === 'lost' && round === rounds
    const mean = isLost ? NaN : weights.reduce((sum, weight) => sum + weight, 0) / weights.length
    yield { type: 'checkpoint', model: 'drifting', step: round, learningRate: 0.01, arrays: toArrays(weights, classes) }
    yield { type: 'influence', model: 'drifting', step: round, layers: 'last', arrays: { deltas: { shape: [1, 1], data: Float32Array.of(pushes) } } }
    const bytes = encode({ width: 1, height: 1, channels: 1, depth: 8, data: Uint8Array.of(pushes % 256) })
    yield { type: 'artifact', name: 'dot', step: round, mediaType: 'image/png', bytes }
    yield { type: 'metrics', step: round, values: { mean, pushes, seconds: clock() } }
    yield { type: 'progress', done: round, of: rounds }
    const boundary = {
      type: 'boundary',
      step: round,
      snapshot () {
        snapshots++
        return { arrays: { weights: { shape: [weights.length], data: weights } }, values: { round, pushes } }
      }
    } as const
    if (!isHeld()) yield boundary
    while (isHeld() && round === held!.snapshotAt && snapshots === 0) {
      await delay(10)
      yield boundary
    }
    while (isHeld() && round === held!.at) await delay(10)
  }
  return { outcome: ends, pushes: Atomics.load(shared.pushes, 0) }
}

function toArrays (weights: Float32Array, classes: number) {
  return {
    'layer0.weight': { shape: [weights.length / classes, classes], data: weights.slice() },
    'layer0.bias': { shape: [classes], data: new Float32Array(classes) }
  }
}

addAlgorithm(drifters)
