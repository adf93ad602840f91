/** What one trial of tracin-approximation returns, and how it follows from what was recorded. */
import { Type, type Static } from '../../schema/type.js'
import { choice, closed } from '../../choices.js'
import { compare, distanceOver, sumOverTrain, type Agreement } from './agreement.js'
import { checkpointsOf, observedEpochs, places, weightings, weightsOf, type Pace, type WeightedCheckpoint } from './checkpoints.js'
import { pearson, spearman } from '../../math/correlation.js'
import { norm } from '../../math/vectors.js'
import type { ApproximationSpec } from './spec.js'
import { meanOf } from '../../math/mean.js'

const correlation = (description: string) => Type.Union([Type.Number({ minimum: -1, maximum: 1 }), Type.Null()], { description })

const agreement = {
  pearson: correlation('With the ideal influences, over all pairs; null where one does not vary'),
  spearman: correlation('Of the ranks'),
  error: Type.Number({ minimum: 0, description: '|approximation - ideal| / |ideal|' }),
  ratio: Type.Number({ description: 'Sum of all influences over the real change of the summed test losses' }),
  gap: Type.Number({ minimum: 0, description: '|sums over the training examples - real changes| / |real changes|, over the test examples' })
}

/** Schema of what one trial returns. */
export const ApproximationResult = Type.Object({
  trainExamples: Type.Integer({ minimum: 1 }),
  testExamples: Type.Integer({ minimum: 1 }),
  parameters: Type.Integer({ minimum: 1, description: 'Numbers that the network learns' }),
  steps: Type.Integer({ minimum: 1 }),
  testLoss: Type.Object({ before: Type.Number(), after: Type.Number() }, { ...closed, description: 'Mean over the traced test examples' }),
  incompleteness: Type.Number({ minimum: 0, description: 'Largest |sum of the ideal influences on a test example - real change of its loss|' }),
  firstOrder: Type.Object(agreement, closed),
  checkpoints: Type.Array(Type.Object({
    count: Type.Integer({ minimum: 1, description: 'k' }),
    at: choice(places, { description: 'Where in its interval a checkpoint stands' }),
    weights: choice(weightings, { description: 'What it weighs' }),
    epochs: Type.Array(Type.Integer({ minimum: 0 })),
    ...agreement
  }, closed), { description: 'TracInCP, one entry for every sum' }),
  singles: Type.Array(Type.Object({ epoch: Type.Integer({ minimum: 0 }), ...agreement }, closed), {
    description: 'Every observed checkpoint alone, weighed by the whole training'
  }),
  projections: Type.Array(Type.Object({
    dimension: Type.Integer({ minimum: 1, description: 'd' }),
    pearson: agreement.pearson,
    spearman: agreement.spearman,
    error: Type.Number({ minimum: 0, description: '|TracInRP - TracInCP| / |TracInCP|' }),
    expected: Type.Number({ minimum: 0, description: 'The same as the gradients let expect it: root of the mean square' })
  }, closed), { description: 'Of the largest k, at the ends of intervals, weighed by interval' }),
  pairs: Type.Array(Type.Array(Type.Number(), { minItems: 3, maxItems: 3 }), {
    maxItems: 400, description: 'Some pairs: ideal, first order, and TracInCP of the largest k, at the ends, weighed by interval'
  })
}, closed)
export type ApproximationResult = Static<typeof ApproximationResult>

/** What a training left behind. */
export interface Recorded {
  pace: Pace
  parameters: number
  steps: number
  /** [train, tests] */
  ideal: Float64Array
  firstOrder: Float64Array
  /** losses of the tests at w_0 and w_T */
  before: Float64Array
  after: Float64Array
  /** by observed epoch: [train, tests] <grad l(w, z), grad l(w, z')> */
  products: ReadonlyMap<number, Float64Array>
  /** [dimensions, train, tests], and the sum of projectionVariance() over the checkpoints */
  projected: Float64Array
  variance: number
}

/** Compares everything with the ideal. */
export function conclude (spec: ApproximationSpec, recorded: Recorded): ApproximationResult {
  const { pace, ideal, firstOrder, before, after } = recorded
  const changes = before.map((loss, j) => loss - after[j]!)
  const tests = changes.length
  const sumOf = (checkpoints: WeightedCheckpoint[]) => addUp(checkpoints, recorded)
  const agreementOf = (checkpoints: WeightedCheckpoint[]): Agreement => compare(sumOf(checkpoints), ideal, changes)
  const [whole] = weightsOf(checkpointsOf(1, 'end', spec, pace), 'interval')
  const largest = sumOf(weightsOf(checkpointsOf(Math.max(...spec.checkpoints.counts), 'end', spec, pace), 'interval'))
  return {
    trainExamples: pace.examples,
    testExamples: tests,
    parameters: recorded.parameters,
    steps: recorded.steps,
    testLoss: { before: meanOf(before), after: meanOf(after) },
    incompleteness: sumOverTrain(ideal, tests).reduce((worst, sum, j) => Math.max(worst, Math.abs(sum - changes[j]!)), 0),
    firstOrder: compare(firstOrder, ideal, changes),
    checkpoints: ascending(spec.checkpoints.counts).flatMap(count => places.flatMap(at => weightings.map(weights => {
      const checkpoints = weightsOf(checkpointsOf(count, at, spec, pace), weights)
      return { count, at, weights, epochs: checkpoints.map(({ epoch }) => epoch), ...agreementOf(checkpoints) }
    }))),
    singles: observedEpochs(spec).map(epoch => ({ epoch, ...agreementOf([{ epoch, weight: whole!.weight }]) })),
    projections: ascending(spec.projections).map((dimension, d) => {
      const influences = recorded.projected.subarray(d * ideal.length, (d + 1) * ideal.length)
      return {
        dimension,
        pearson: pearson(influences, ideal),
        spearman: spearman(influences, ideal),
        error: distanceOver(influences, largest),
        expected: Math.sqrt(recorded.variance / dimension) / norm(largest)
      }
    }),
    pairs: choosePairs(ideal, firstOrder, largest)
  }
}

/** sum over checkpoints of weight <grad l(w, z), grad l(w, z')> */
function addUp (checkpoints: WeightedCheckpoint[], { products, ideal }: Recorded): Float64Array {
  const sum = new Float64Array(ideal.length)
  for (const { epoch, weight } of checkpoints) products.get(epoch)!.forEach((product, k) => { sum[k]! += weight * product })
  return sum
}

/** Pairs spread over all of them, by a stride that shares no factor with their number: no test example is left out by it. */
function choosePairs (ideal: Float64Array, firstOrder: Float64Array, largest: Float64Array): number[][] {
  const pairs = ideal.length
  let stride = Math.max(1, Math.round(0.618 * pairs))
  while (divisor(stride, pairs) > 1) stride++
  return Array.from({ length: Math.min(400, pairs) }, (_, i) => i * stride % pairs)
    .map(k => [ideal[k]!, firstOrder[k]!, largest[k]!])
}

/** The greatest common one. */
function divisor (a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b)
}

function ascending (values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b)
}
