/**
 * What Adam's steps make of gradients, for sums over checkpoints. A step of Adam is
 *
 *   w' = w - rate D m / (1 - beta1^t),   D = diag(1 / (sqrt(v / (1 - beta2^t)) + epsilon))
 *
 * (Kingma and Ba 2015, arXiv 1412.6980, algorithm 1), so that to first order the gradient g(z) of an example changes the
 * loss of z' by g(z')ᵀ D g(z) times its part of the mean m: products of gradients in the measure of the checkpoint's D, where
 * TracInCP has plain ones. Differs from Pruthi et al. 2020, which derives plain descent alone. Left out: D itself depends
 * on the examples. Next hop: preconditioned.ts computes with it.
 */
import type { NamedArrays } from '../math/arrays.js'
import type { ModelCheckpoint } from './bundle.js'
import type { Descent } from './descent.js'

/** D by the names of the trained arrays, of their shapes. */
export type Preconditioner = Record<string, { shape: number[], data: Float32Array }>

/**
 * D of a checkpoint.
 * @param moments  v, without the correction of its bias, by the names of the trained arrays
 * @param step     t, at least 1: how many steps made v
 */
export function preconditionerOf (
  moments: NamedArrays, step: number, { beta2, epsilon }: Pick<Extract<Descent, { type: 'adam' }>, 'beta2' | 'epsilon'>
): Preconditioner {
  const correction = 1 - beta2 ** step
  return Object.fromEntries(Object.entries(moments).map(([name, { shape, data }]) =>
    [name, { shape, data: Float32Array.from(data, v => 1 / (Math.sqrt(v / correction) + epsilon)) }]))
}

/**
 * D of a stored checkpoint; undefined for a model that was not moved by Adam, or without the moments.
 * @param layer  position of the one whose arrays are wanted; all of them when left out
 */
export function storedPreconditioner (
  descent: Descent | undefined, { step, moments }: Pick<ModelCheckpoint, 'step' | 'moments'>, layer?: number
): Preconditioner | undefined {
  if (descent?.type !== 'adam' || moments === undefined || step === 0) return undefined
  const wanted = Object.entries(moments).filter(([name]) => layer === undefined || name.startsWith(`layer${layer}.`))
  return preconditionerOf(Object.fromEntries(wanted), step, descent)
}
