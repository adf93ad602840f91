/**
 * What a head is made of: what the outputs of a network mean, the loss of training on them, and what can be asked of a
 * model that has it. A head is one file beside this one and one line in index.ts.
 */
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import type { Static, TObject } from 'typebox'
import type { Engine } from '../engine.js'
import { refuse } from '../layers/layer.js'
import type { PlannedLayer } from '../wiring.js'

export interface HeadKind<Fields, Schema extends TObject = TObject> {
  schema: Schema
  /** @throws invalid_spec when the last layer cannot give such outputs */
  check (last: PlannedLayer): void
  /**
   * The loss of every example; differentiable in the outputs.
   * @param outputs  of the network, [n, ...]
   * @param targets  what they shall be, as the head says; not differentiated
   * @returns        [n], a new tensor
   */
  losses (head: Fields, engine: Engine, outputs: Tensor, targets: Tensor): Tensor1D
  /** whether influence knows the factors of the last layer, by which an index answers; gradients of all layers are exact for every head */
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
