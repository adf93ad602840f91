/** TracInCP over random projections of the gradients, for several dimensions at once. */
import type { RandomStream } from '../../math/random.js'
import type { DenseFactors, DenseNetwork } from '../../tensor/float64/dense.js'

/** What the projections have added up to; kept in snapshots. */
export interface ProjectedSums {
  /** per dimension, [dimensions, train, tests]: the influences */
  influences: Float64Array
  /** [train, tests]: sum over the rows so far of the present checkpoint of (G g)_r (G g')_r */
  partial: Float64Array
}

/**
 * Takes one more row of a checkpoint's projection:
 *
 *   TracInRP_d(z, z') = sum over checkpoints of weight <G g, G g'>,  G [d, parameters], G_rk ~ N(0, 1 / d)
 *
 * Dimensions share their rows: that of d are the first d of the largest, each scaled by its own 1 / sqrt(d). Every checkpoint
 * has a G of its own. No gradient is formed.
 *
 * @param row     0 .. the largest dimension - 1, in order
 * @param stream  the row's own: it gives its standard normal numbers
 * @param weight  of the checkpoint
 * Source: Pruthi et al. 2020, arXiv 2002.08484, random projections.
 */
export function addProjectedRow (
  network: DenseNetwork, { influences, partial }: ProjectedSums, train: DenseFactors, tests: DenseFactors,
  { row, stream, weight, dimensions }: { row: number, stream: RandomStream, weight: number, dimensions: readonly number[] }
): void {
  const direction = new Float64Array(network.parameterCount)
  for (let k = 0; k < direction.length; k++) direction[k] = stream.normal()
  const ofTests = Float64Array.from(tests.losses, (_, j) => network.project(direction, tests, j))
  const count = ofTests.length
  if (row === 0) partial.fill(0)
  for (let i = 0; i < train.losses.length; i++) {
    const ofTrain = network.project(direction, train, i)
    for (let j = 0; j < count; j++) partial[i * count + j]! += ofTrain * ofTests[j]!
  }
  for (const [at, dimension] of dimensions.entries()) {
    if (dimension !== row + 1) continue
    const from = at * partial.length
    for (let k = 0; k < partial.length; k++) influences[from + k]! += weight / dimension * partial[k]!
  }
}

/**
 * What the squared error of one dimension is expected to be, summed over all pairs, for one checkpoint and d = 1:
 *
 *   weight² sum over pairs of |g|² |g'|² + <g, g'>²
 *
 * Over d it is the variance of TracInRP_d: of normal rows, each gives a product of mean <g, g'> and this variance.
 * @param products [train, tests] <g, g'>
 */
export function projectionVariance (
  network: DenseNetwork, train: DenseFactors, tests: DenseFactors, products: Float64Array, weight: number
): number {
  const squares = (of: DenseFactors) => of.losses.reduce((sum, _, i) => sum + network.dot(of, i, of, i), 0)
  return weight ** 2 * (squares(train) * squares(tests) + products.reduce((sum, product) => sum + product ** 2, 0))
}
