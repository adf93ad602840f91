/** Trainings of a linear classifier that are interrupted go on to the bit, wherever it is. */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { RunContext, RunEvent, SnapshotState } from '../../../src/algorithms/contract.js'
import { conclude } from '../../../src/algorithms/adversarial-bias/linear/conclude.js'
import { seekReferences } from '../../../src/algorithms/adversarial-bias/linear/references.js'
import { train } from '../../../src/algorithms/adversarial-bias/linear/train.js'
import { openTrial, radiusInForce, type TrialState } from '../../../src/algorithms/adversarial-bias/linear/trial-state.js'
import type { AdversarialSpec } from '../../../src/algorithms/adversarial-bias/spec.js'
import { openStream } from '../../../src/math/random.js'
import { makeSpec } from './linear-trials.js'

function contextOf (resume?: SnapshotState): RunContext {
  const random: RunContext['random'] = (purpose, ...keys) => openStream(0, purpose, ...keys)
  return { random, data: {}, clock: () => 0, resume } as unknown as RunContext
}

/** So much between two boundaries. */
type Pace = TrialState['pace']

/** Runs a training; where `stop` is given, only to that boundary. */
function runTo (spec: AdversarialSpec, pace: Pace, { resume, stop = Infinity }: { resume?: SnapshotState, stop?: number } = {}) {
  const trial: TrialState = { ...openTrial(spec, contextOf(resume)), pace }
  const events: RunEvent[] = []
  let boundaries = 0
  try {
    if (trial.references === undefined) {
      trial.references = lastOf(seekReferences(trial.rows, trial.sought))
      trial.descent.radius = radiusInForce(trial)
    }
    while (trial.cursor.run < trial.sought.horizons.length) {
      for (const event of train(trial)) {
        if (event.type !== 'boundary') events.push(withoutTimings(event))
        else if (boundaries++ === stop) return { events, boundaries, snapshot: event.snapshot(), result: undefined }
      }
    }
    return { events, boundaries, snapshot: undefined, result: conclude(trial) }
  } finally {
    trial.descent.close()
  }
}

function lastOf<Result> (seeking: Generator<void, Result>): Result {
  for (;;) {
    const { done, value } = seeking.next()
    if (done) return value
  }
}

const random = { type: 'random', dimensions: 5, examples: 23, margin: 0.5 }
const cases: Record<string, { spec: AdversarialSpec, pace: Pace }> = {
  'batches, tuned to several horizons': { spec: makeSpec({ points: random, batch: 5, steps: 1500, loss: 'logistic' }, { q: 'infinity', radius: { type: 'tuned' } }), pace: { steps: 97, rows: 1 } },
  'inside of steps over all points': { spec: makeSpec({ points: random, steps: 30 }, { q: 'infinity', radius: { type: 'fraction', of: 0.8 } }), pace: { steps: 0, rows: 7 } },
  'inside of batches': { spec: makeSpec({ points: random, steps: 40, batch: 9 }, { q: 3, radius: { type: 'fraction', of: 0.5 } }), pace: { steps: 0, rows: 4 } },
  chatter: { spec: makeSpec({ points: { type: 'given' }, steps: 400 }, { q: 'infinity', radius: { type: 'absolute', value: 2 } }), pace: { steps: 33, rows: 1 } }
}

for (const [name, { spec, pace }] of Object.entries(cases)) {
  test(`a training goes on from every boundary to the bit, and does not depend on where they are: ${name}`, () => {
    const whole = runTo(spec, { steps: 1_000_000, rows: 1 })
    const paced = runTo(spec, pace)
    assert.ok(paced.boundaries > whole.boundaries + 5, `${paced.boundaries}`)
    assert.deepEqual({ events: ofMetrics(paced.events), result: paced.result }, { events: ofMetrics(whole.events), result: whole.result })
    for (let stop = 0; stop < paced.boundaries; stop += 1 + (paced.boundaries >> 4)) {
      const { snapshot, events } = runTo(spec, pace, { stop })
      const resumed = runTo(spec, pace, { resume: snapshot! })
      assert.deepEqual([...events, ...resumed.events], paced.events)
      assert.deepEqual(resumed.result, paced.result)
    }
  })
}

function withoutTimings (event: RunEvent): RunEvent {
  if (event.type !== 'metrics') return event
  const { samplesPerSecond: _, ...values } = event.values
  return { ...event, values }
}

/** What does not hang on the number of steps between two boundaries. */
function ofMetrics (events: RunEvent[]): RunEvent[] {
  return events.filter(({ type }) => type === 'metrics')
}
