/**
 * What is minimised over labellings f of the pixels of a picture:
 *
 *   E(f) = sum_p D_p(f_p) + sum_pq w_pq V(f_p, f_q)
 *
 * over all pairs of neighbours. V is Potts, [f_p != f_q], or any table.
 */
import { checkLabelCosts } from '../math/label-costs.js'
import { ways, type GridShape } from './shape.js'

export interface LabellingProblem {
  shape: GridShape
  /** K: labels are 0 .. K - 1; at most 255 */
  labels: number
  /** D: [K, height, width], finite or Infinity for a label that a pixel must not have; one of each pixel is finite */
  unary: Float64Array
  /** w by way (grid.ts), [height, width] each, or one number for all: >= 0; where there is no neighbour it counts for nothing */
  weights: readonly (Float64Array | number)[]
  /** V: [K, K], symmetric, 0 on the diagonal, >= 0; Potts when left out */
  distances?: Float64Array
}

/** A pair of neighbours: pixels, weight, and the number of the way from the first to the second. */
type Visit = (p: number, q: number, weight: number, way: number) => void

/** Visits every pair of neighbours once, way by way. */
export function eachPair ({ shape, weights }: Pick<LabellingProblem, 'shape' | 'weights'>, visit: Visit): void {
  for (const [way, weight] of weights.entries()) {
    eachRow(shape, way, (from, until, to) => {
      for (let p = from; p < until; p++) visit(p, p + to, typeof weight === 'number' ? weight : weight[p]!, way)
    })
  }
}

/** Visits the pixels of every row that have a neighbour on a way: the first, the one behind the last, and how far on the neighbour is. */
export function eachRow (
  { width, height }: Pick<GridShape, 'width' | 'height'>, way: number, visit: (from: number, until: number, to: number) => void
): void {
  const { x, y } = ways[way]!
  const [first, end] = [Math.max(0, -x), width - Math.max(0, x)]
  if (end <= first) return
  for (let row = 0; row < height - y; row++) visit(row * width + first, row * width + end, y * width + x)
}

/** V(a, b). */
export function distanceOf ({ labels, distances }: LabellingProblem, a: number, b: number): number {
  return distances === undefined ? Number(a !== b) : distances[a * labels + b]!
}

/** E(f), and its two sums. */
export interface Energy { unary: number, pairs: number, total: number }

/** E(f). @param labelling [height, width] */
export function energyOf (problem: LabellingProblem, labelling: Uint8Array): Energy {
  const pixels = labelling.length
  let [unary, pairs] = [0, 0]
  for (let p = 0; p < pixels; p++) unary += problem.unary[labelling[p]! * pixels + p]!
  for (const [way, weight] of problem.weights.entries()) {
    eachRow(problem.shape, way, (from, until, to) => { pairs = addRow(pairs, problem, labelling, weight, from, until, to) })
  }
  return { unary, pairs, total: unary + pairs }
}

/**
 * Adds the pairs of a row; most have one label, which costs nothing. A function of its own: compiled once, where a visitor would
 * be called for each pair.
 */
function addRow (
  sum: number, problem: LabellingProblem, labelling: Uint8Array, weight: Float64Array | number, from: number, until: number, to: number
): number {
  for (let p = from; p < until; p++) {
    const a = labelling[p]!
    const b = labelling[p + to]!
    if (a !== b) sum += (typeof weight === 'number' ? weight : weight[p]!) * distanceOf(problem, a, b)
  }
  return sum
}

/**
 * Checks a problem.
 * @param isMetric whether V must also satisfy the triangle inequality, as expansion moves need
 * @throws RangeError that says what and where
 */
export function checkProblem ({ shape, labels, unary, weights, distances }: LabellingProblem, isMetric: boolean): void {
  const { width, height, neighbours } = shape
  if (!(Number.isInteger(labels) && labels >= 1 && labels <= 255)) throw new RangeError(`labels must be 1 .. 255, got ${labels}`)
  checkLabelCosts(unary, labels, width * height)
  if (weights.length !== neighbours / 2) throw new RangeError(`weights must be of ${neighbours / 2} ways, got ${weights.length}`)
  for (const [way, weight] of weights.entries()) eachRow(shape, way, (from, until) => { checkRow(weight, from, until) })
  if (distances !== undefined) checkDistances(distances, labels, isMetric)
}

function checkRow (weights: Float64Array | number, from: number, until: number): void {
  for (let p = from; p < until; p++) {
    const weight = typeof weights === 'number' ? weights : weights[p]!
    if (!(weight >= 0 && weight < Infinity)) throw new RangeError(`weights of pixel ${p} must be finite numbers >= 0, got ${weight}`)
  }
}

function checkDistances (distances: Float64Array, labels: number, isMetric: boolean): void {
  if (distances.length !== labels ** 2) throw new RangeError(`distances must have ${labels} x ${labels} numbers, got ${distances.length}`)
  const of = (a: number, b: number) => distances[a * labels + b]!
  for (let a = 0; a < labels; a++) {
    for (let b = 0; b < labels; b++) {
      if (!(of(a, b) >= 0 && of(a, b) < Infinity) || of(a, b) !== of(b, a) || (a === b && of(a, b) !== 0)) {
        const got = `got ${of(a, b)} and ${of(b, a)} for ${a} and ${b}`
        throw new RangeError(`distances must be finite, >= 0, symmetric, and 0 from a label to itself, ${got}`)
      }
      for (let c = 0; isMetric && c < labels; c++) {
        if (of(a, b) > (of(a, c) + of(c, b)) * (1 + 1e-12)) {
          throw new RangeError(`distances must satisfy the triangle inequality, got ${of(a, b)} for ${a} and ${b}, and ${of(a, c) + of(c, b)} by way of ${c}`)
        }
      }
    }
  }
}
