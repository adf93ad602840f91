/**
 * Val-Init (Ahuja, Dhurandhar, Varshney, arXiv 2012.12141): theta0 = argmin over candidates c ~ P0 of h_val(c, x), a network's
 * guess at the value that the solver reaches from c. The oracle knows it: it solves from all of them, which is multi-start.
 */
import type { Family, Instances } from '../families/family.js'
import { rowsOf, statesOfRows } from './codes.js'
import type { Box } from './details.js'
import { drawStarts } from './draw.js'
import { nothing, type Initialiser, type InitialiserKind, type Predictor, type Random } from './initialiser.js'
import { multiStart } from './random.js'
import type { InitialiserOf } from './spec.js'

export const valInit: InitialiserKind<InitialiserOf<'val-init'>> = {
  wants: ({ oracle, starts: past, candidates: starts }) => oracle ? multiStart.wants({ starts }) : { ...nothing, past, network: true },
  open: (spec, given) => spec.oracle ? multiStart.open({ starts: spec.candidates }, given) : startAtBest(spec, given)
}

/** Candidates of instances, and what the network says of them; both instance by instance. */
export interface Candidates {
  /** [count, candidates, size] */
  states: Float64Array
  /** the value that each is said to reach, [count, candidates]: lower is better, and only candidates of one instance compare */
  predicted: Float32Array
}

/** What candidates are made with. */
export interface Judge { family: Family, predictor?: Predictor | undefined, seen?: Box | undefined }

type Choice = Pick<InitialiserOf<'val-init'>, 'candidates' | 'search'>

/** Starts at the candidate of the lowest predicted value, of equals at the first. */
export function startAtBest (choice: Choice, judge: Judge): Initialiser {
  return { starts: (instances, from, random) => bestOf(candidatesOf(choice, judge, { instances, from, random }), instances.count) }
}

/** The best candidate of each of so many instances, [count, size]. */
export function bestOf ({ states, predicted }: Candidates, count: number): Float64Array {
  const runs = predicted.length / count
  const size = states.length / predicted.length
  const starts = new Float64Array(count * size)
  for (let i = 0; i < count; i++) {
    const best = i * runs + lowestOf(predicted.subarray(i * runs, (i + 1) * runs))
    starts.set(states.subarray(best * size, (best + 1) * size), i * size)
  }
  return starts
}

/** Draws the candidates of instances, and moves them where the search is by descent. */
export function candidatesOf (
  { candidates: runs, search }: Choice, { family, predictor, seen }: Judge,
  { instances, from, random }: { instances: Instances, from: number, random: Random }
): Candidates {
  const count = instances.count * runs
  const drawn = drawStarts(family, { count: instances.count, from, runs }, random)
  const rows = rowsOf(family, instances, drawn, runs)
  if (search === 'descent') descend(rows, predictor!, { count, size: family.coding.size, box: seen! })
  return { states: search === 'descent' ? statesOfRows(family, rows, count) : drawn, predicted: predictor!.predict(rows, count) }
}

/** Steps down the predicted value, each as long as this part of the box. */
const DESCENT = { steps: 10, length: 0.05 }

/** Moves the codes of rows: 10 steps in the direction of the gradient, within the box beyond which the network has seen nothing. */
function descend (rows: Float32Array, predictor: Predictor, { count, size, box }: { count: number, size: number, box: Box }): void {
  const width = rows.length / count
  for (let step = 0; step < DESCENT.steps; step++) {
    const gradients = predictor.inputGradients(rows, count)
    for (let row = 0; row < count; row++) {
      const begin = (row + 1) * width - size
      const gradient = gradients.subarray(begin, begin + size)
      const norm = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0) / size)
      if (!(norm > 0)) continue
      for (let k = 0; k < size; k++) {
        const [low, high] = [box.low[k]!, box.high[k]!]
        const moved = rows[begin + k]! - DESCENT.length * (high - low) * gradient[k]! / norm
        rows[begin + k] = Math.min(high, Math.max(low, moved))
      }
    }
  }
}

/** Passes of the network for an instance, gradients counted as three. */
export function passesOf ({ candidates, search }: Choice): number {
  return candidates * (search === 'descent' ? 1 + 3 * DESCENT.steps : 1)
}

function lowestOf (values: Float32Array): number {
  let lowest = 0
  values.forEach((value, i) => { if (value < values[lowest]!) lowest = i })
  return lowest
}
