/** The past of an initialiser: solutions of stored instances, solved here or read; of an oracle where the test instances end. */
import type { RunEvent } from '../contract.js'
import { inParts } from '../kit/passes.js'
import { drawStarts } from './initialisers/draw.js'
import { sampleInParts } from './instances.js'
import { artifactName, decodeSolutions, encodeSolutions } from './offline/artifact.js'
import type { Solutions } from './offline/solutions.js'
import { solveTask } from './solve-task.js'
import { drawTests, type TrialState } from './trial-state.js'
import { offlineOf } from './work.js'

/** Collects what the initialiser wants. What is there already is not made again. */
export async function * collect (trial: TrialState): AsyncGenerator<RunEvent, void> {
  const { wants, kept } = trial
  if (kept.starts) return // nothing is learned any more
  if (wants.ends && !kept.ends) yield * peek(trial)
  if (wants.past > 0) trial.solutions ??= yield * remember(trial)
}

/** Solves the test instances from random starts. */
async function * peek (trial: TrialState): AsyncGenerator<RunEvent, void> {
  const { family, known, kept, context: { random } } = trial
  const instances = yield * drawTests(trial)
  const { count } = instances
  const starts = drawStarts(family, { count, from: 0, runs: 1 }, random)
  const { states, steps, queries } = yield * solveTask(trial, 'ends', { instances, runs: 1, starts, purpose: 'test directions' })
  known.before = { steps: sumOf(steps), queries: sumOf(queries) }
  kept.ends = { shape: [count, family.size], data: states.slice() }
  yield trial.boundary()
}

/** Solves stored instances, unless an earlier trial has. */
async function * remember (trial: TrialState): AsyncGenerator<RunEvent, Solutions> {
  const { spec, family, known, kept, wants: { past: starts }, context } = trial
  const count = offlineOf(spec, trial.initialiser)
  if (spec.offline.solutions !== undefined) {
    const read = decodeSolutions(context.artifacts.solutions!, spec, { count, starts, family })
    known.offline = { steps: sumOf(read.steps), queries: sumOf(read.queries) }
    return read
  }
  const instances = yield * inParts(sampleInParts(family, count, context.random, 'offline instances'), trial.boundary)
  const started = drawStarts(family, { count, from: 0, runs: starts }, context.random, 'offline starts')
  const past = { instances, starts, started }
  if (!kept['solutions/states']) {
    const ends = yield * solveTask(trial, 'offline', {
      instances, runs: starts, starts: started, purpose: 'offline directions', wants: { runs: true }
    })
    const keep = (name: string, data: Float64Array, ...shape: number[]) => { kept[`solutions/${name}`] = { shape, data: data.slice() } }
    keep('states', ends.each!.states, count, starts, family.size)
    keep('values', ends.each!.values, count, starts)
    keep('steps', ends.steps, count)
    keep('queries', ends.queries, count)
    known.offline = { steps: sumOf(ends.steps), queries: sumOf(ends.queries) }
    yield { type: 'artifact', name: artifactName, step: 0, mediaType: 'application/octet-stream', bytes: encodeSolutions({ ...past, ...solvedOf(trial) }, spec) }
    yield trial.boundary()
  }
  return { ...past, ...solvedOf(trial) }
}

function solvedOf ({ kept }: TrialState): Pick<Solutions, 'states' | 'values' | 'steps' | 'queries'> {
  const [states, values, steps, queries] = ['states', 'values', 'steps', 'queries'].map(name => kept[`solutions/${name}`]!.data as Float64Array)
  return { states: states!, values: values!, steps: steps!, queries: queries! }
}

function sumOf (values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0)
}
