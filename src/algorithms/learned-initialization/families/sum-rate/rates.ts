/** The sum rate of one instance: R(p) = sum_i log2(1 + g_ii p_i / I_i), I_i = noise + sum_(j != i) g_ij p_j (unit: bit/s/Hz). */

/**
 * R, and where it is asked for dR/dp_j = (g_jj a_j + sum_(i != j) g_ij (a_i - b_i)) / ln 2, with a = 1 / (I + g_ii p_i), b = 1 / I.
 * @param gains [K, K], receivers by rows @param p [K] @param into [K]
 */
export function powerGradients (gains: Float64Array, p: Float64Array, noise: number, into?: Float64Array): number {
  const K = p.length
  let rate = 0
  into?.fill(0)
  for (let i = 0; i < K; i++) {
    let interference = noise
    for (let j = 0; j < K; j++) if (j !== i) interference += gains[i * K + j]! * p[j]!
    const own = gains[i * K + i]! * p[i]!
    rate += Math.log2(1 + own / interference)
    if (into === undefined) continue
    const a = 1 / (interference + own)
    const c = a - 1 / interference
    for (let j = 0; j < K; j++) into[j]! += gains[i * K + j]! * (j === i ? a : c) / Math.LN2
  }
  return rate
}
