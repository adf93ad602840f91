/**
 * What a head is made of: what the outputs of a network mean, the loss of training on them, and what can be asked of a
 * model that has it. A head is one file beside this one and one line in index.ts.
 */
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import type { Static, TObject } from '../../schema/type.js'
import type { FieldArray } from '../../datasets/dataset.js'
import type { Field } from '../../datasets/description.js'
import type { Engine } from '../engine.js'
import { refuse } from '../layers/layer.js'
import type { PlannedLayer } from '../wiring.js'

export interface HeadKind<Fields, Schema extends TObject = TObject> {
  schema: Schema
  /** @throws invalid_spec when the last layer cannot give such outputs */
  check (last: PlannedLayer): void
  /**
   * The loss of every example; differentiable in the outputs. Loss and derivative are good to float32's digits each.
   * @param outputs  of the network, [n, ...]
   * @param targets  what they shall be, as the head says, in any shape of so many numbers; not differentiated
   * @returns        [n], a new tensor
   */
  losses (head: Fields, engine: Engine, outputs: Tensor, targets: Tensor): Tensor1D
  /** The same where only the mean over a batch is wanted: faster, and off by a rounding of 1. losses() when left out. */
  batchLosses? (head: Fields, engine: Engine, outputs: Tensor, targets: Tensor): Tensor1D
  /**
   * What outputs say: one class, yes or no per output, numbers, a class per pixel.
   * @param outputs  of some examples, one after the other
   * @param shape    of the outputs of one example
   */
  predict (outputs: Float32Array, shape: readonly number[]): FieldArray
  /** What outputs of logits stand for, of the same length; none where they are what is predicted. */
  probabilities? (outputs: Float32Array, shape: readonly number[]): Float32Array
  /** Numbers of the target of one example, given the shape of its outputs. */
  targetSize (shape: readonly number[]): number
  /** What a number of a target must be, when it is not; any number will do where it is left out. */
  ruleOfTarget? (value: number, shape: readonly number[]): string | undefined
  /** Whether a field of a data set can be the target of outputs of a shape. @returns what it must be, when it cannot */
  findMisfit (field: Field, shape: readonly number[]): string | undefined
  /**
   * Whether the last layer is dense and linear, so that its gradients have two factors by which an index answers; of other
   * heads it has the gradients themselves (src/influence/last-gradients.ts). Those of all layers are exact for every head.
   */
  hasLastFactors?: true
}

/** Types a head's functions by its schema. */
export function defineHead<S extends TObject> (kind: HeadKind<Static<S>, S>): HeadKind<Static<S>, S> {
  return kind
}

/** @throws invalid_spec unless the layer is dense and linear */
export function checkLinear ({ layer, path }: PlannedLayer, what: string): void {
  if (layer.type !== 'dense' || layer.activation !== 'linear') refuse(path, `must be dense and linear, for its outputs are ${what}`, layer)
}
