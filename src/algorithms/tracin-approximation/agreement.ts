/** How near an approximation comes to the ideal influences. */
import { pearson, spearman } from '../../math/correlation.js'
import { norm } from '../../math/vectors.js'

/** Over all pairs of a training and a test example. */
export interface Agreement {
  /** correlation with the ideal; null where one of them does not vary */
  pearson: number | null
  /** of the ranks */
  spearman: number | null
  /** |approximation - ideal| / |ideal|, Frobenius */
  error: number
  /** sum of all influences over the real change of the summed test losses: 1 where the units are those of a loss */
  ratio: number
  /** the same test by test: |sums over the training examples - real changes| / |real changes| */
  gap: number
}

/**
 * Compares.
 * @param approximation, ideal [train, tests] by rows
 * @param changes              l(w_0, z') - l(w_T, z') of every test example
 */
export function compare (approximation: Float64Array, ideal: Float64Array, changes: Float64Array): Agreement {
  const sums = sumOverTrain(approximation, changes.length)
  return {
    pearson: pearson(approximation, ideal),
    spearman: spearman(approximation, ideal),
    error: distanceOver(approximation, ideal),
    ratio: totalOf(sums) / totalOf(changes),
    gap: distanceOver(sums, changes)
  }
}

/** |a - b| / |b|. */
export function distanceOver (a: Float64Array, b: Float64Array): number {
  return norm(a.map((value, i) => value - b[i]!)) / norm(b)
}

/** Sums of the influences of all training examples on each test example. @param influences [train, tests] by rows */
export function sumOverTrain (influences: Float64Array, tests: number): Float64Array {
  const sums = new Float64Array(tests)
  influences.forEach((value, i) => { sums[i % tests]! += value })
  return sums
}

function totalOf (values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0)
}
