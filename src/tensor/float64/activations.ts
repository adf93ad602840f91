/** Activations of dense layers in Float64, and their derivatives from what they gave. */

interface ActivationFunction {
  /** Replaces `count` sums from `at` on. */
  apply (values: Float64Array, at: number, count: number): void
  /** Multiplies the loss's derivatives by activations with the activation's own. @param given what apply() gave */
  back (given: Float64Array, delta: Float64Array): void
}

const each = (of: (sum: number) => number, slope: (given: number) => number): ActivationFunction => ({
  apply (values, at, count) {
    for (let p = at; p < at + count; p++) values[p] = of(values[p]!)
  },
  back (given, delta) {
    for (let p = 0; p < delta.length; p++) delta[p]! *= slope(given[p]!)
  }
})

/** By name. Not sin: its slope does not follow from what it gave. */
export const activationOf = {
  linear: { apply () {}, back () {} },
  relu: each(sum => sum > 0 ? sum : 0, given => given > 0 ? 1 : 0),
  tanh: each(Math.tanh, given => 1 - given * given),
  sigmoid: each(sum => 1 / (1 + Math.exp(-sum)), given => given * (1 - given))
} satisfies Record<string, ActivationFunction>

export type Activation = keyof typeof activationOf
