/**
 * Influence functions (Koh, Liang 2017, arXiv 1703.04730) on the last layer, exact: the Hessian of the mean loss by the
 * layer's weights and bias, everything below it held fixed, factorized by Cholesky in Float64. Pure.
 *
 *   H = 1/n sum over i of S_i (x) a_i a_i^T + damping I,   self-influence of i = g_i^T H^-1 g_i,   g_i = delta_i (x) a_i
 *
 * with a_i the activations and 1 for the bias, and S_i the second derivatives of the loss by the outputs: of classes
 * diag(p) - p p^T, of values 2 / C I. Then H falls into C equal blocks, of which one is factorized.
 */
import { factorRow, solveLower } from '../../../math/cholesky.js'
import { probabilityOf, type LastLayer } from './last-layer.js'

/** Parameters of the layer at most. */
const maxParameters = 2000
/** What their Hessian takes: 32 MB. */
export const hessianBytes = 8 * maxParameters ** 2
/** Multiplications at most: some ten seconds of one core. */
const maxWork = 5e9
/** Examples that read L together. */
const together = 16

/** Why it cannot be computed for a layer; undefined where it can. @param last  sizes suffice */
export function refuseInfluenceFunction (last: Pick<LastLayer, 'count' | 'width' | 'outputsPerExample' | 'classes'>): string | undefined {
  const parameters = last.outputsPerExample * (last.width + 1)
  if (parameters > maxParameters) return `the last layer has ${parameters} parameters, and its Hessian is factorized for at most ${maxParameters}`
  const size = last.classes ? parameters : last.width + 1
  const work = 0.75 * last.count * size ** 2 + size ** 3 / 6
  if (work > maxWork) return `${last.count} examples and a Hessian of ${size} are ${work.toExponential(1)} multiplications, at most ${maxWork.toExponential(0)} are made`
  return undefined
}

/**
 * Self-influence g^T H^-1 g of every example; a generator, to be left between its parts.
 * @param damping  added to the diagonal of H, > 0, so that it has an inverse
 * @returns        [n], >= 0
 */
export function * influenceFunction (last: LastLayer, damping: number): Generator<void, Float64Array> {
  const inputs = withOnes(last)
  const hessian = yield * (last.classes ? hessianOfClasses(last, inputs) : hessianOfValues(last, inputs))
  const size = Math.sqrt(hessian.length)
  for (let row = 0; row < size; row++) {
    hessian[row * size + row]! += damping
    if (!factorRow(hessian, size, row)) throw new Error(`Row ${row} of a Hessian with damping ${damping} is not positive definite`)
    if (row % together === 0) yield
  }
  return yield * solveAll(last, inputs, hessian, size)
}

/** Activations and a last 1 for the bias, [n, h + 1]. */
export function withOnes ({ activations, count, width }: LastLayer): Float64Array {
  const inputs = new Float64Array(count * (width + 1)).fill(1)
  for (let i = 0; i < count; i++) inputs.set(activations.subarray(i * width, (i + 1) * width), i * (width + 1))
  return inputs
}

/** Lower triangle of 1/n sum (diag(p) - p p^T) (x) a a^T, class by class; each block of two classes is symmetric. */
function * hessianOfClasses (last: LastLayer, inputs: Float64Array): Generator<void, Float64Array> {
  const { count, outputsPerExample: classes, deltas } = last
  const side = last.width + 1
  const size = classes * side
  const hessian = new Float64Array(size * size)
  for (let c = 0; c < classes; c++) {
    for (let d = 0; d <= c; d++) {
      const block = sumSquares(inputs, side, count, i => {
        const p = probabilityOf(last, i, c)
        if (c !== d) return -p * probabilityOf(last, i, d) / count
        const rest = last.classes![i] === c ? -deltas[i * classes + c]! : 1 - p
        return p * rest / count
      })
      for (let u = 0; u < side; u++) {
        for (let v = 0; v < side; v++) hessian[(c * side + u) * size + d * side + v] = block[u >= v ? u * side + v : v * side + u]!
      }
      yield
    }
  }
  return hessian
}

function * hessianOfValues ({ count, outputsPerExample, width }: LastLayer, inputs: Float64Array): Generator<void, Float64Array> {
  yield
  return sumSquares(inputs, width + 1, count, () => 2 / (outputsPerExample * count))
}

/** Lower triangle of sum over i of weight(i) a_i a_i^T, [side, side]. */
function sumSquares (inputs: Float64Array, side: number, count: number, weight: (i: number) => number): Float64Array {
  const sums = new Float64Array(side * side)
  for (let i = 0; i < count; i++) {
    const [start, scale] = [i * side, weight(i)]
    for (let u = 0; u < side; u++) {
      const factor = scale * inputs[start + u]!
      if (factor === 0) continue // half of what a ReLU gives
      for (let v = 0, row = u * side; v <= u; v++) sums[row + v]! += factor * inputs[start + v]!
    }
  }
  return sums
}

/** |L^-1 g|^2 of every example. Of values the one block serves all outputs: |delta|^2 |L^-1 a|^2. */
function * solveAll (
  { count, outputsPerExample, deltas, classes }: LastLayer, inputs: Float64Array, lower: Float64Array, size: number
): Generator<void, Float64Array> {
  const side = inputs.length / count
  const scores = new Float64Array(count)
  for (let from = 0; from < count; from += together) {
    const rows = Math.min(together, count - from)
    const sides = new Float64Array(rows * size)
    for (let row = 0; row < rows; row++) {
      const a = inputs.subarray((from + row) * side, (from + row + 1) * side)
      for (let block = 0; block < size / side; block++) {
        const delta = classes ? deltas[(from + row) * outputsPerExample + block]! : 1
        for (let u = 0; u < side; u++) sides[row * size + block * side + u] = delta * a[u]!
      }
    }
    solveLower(lower, size, sides)
    for (let row = 0; row < rows; row++) {
      const square = squareOf(sides, row * size, size)
      scores[from + row] = classes ? square : square * squareOf(deltas, (from + row) * outputsPerExample, outputsPerExample)
    }
    yield
  }
  return scores
}

function squareOf (values: Float64Array | Float32Array, from: number, length: number): number {
  let sum = 0
  for (let at = from; at < from + length; at++) sum += values[at]! ** 2
  return sum
}
