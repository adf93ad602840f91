/**
 * Runs a network over many examples in batches, without training it: the common part of evaluate.ts and factors.ts.
 * Full batches of large data run compiled, the rest eagerly.
 */
import type { Tensor, Variable } from '@tensorflow/tfjs-core'
import type { NumericArray } from '../math/arrays.js'
import { createFed, type Batch, type Examples } from './batches.js'
import type { Engine } from './engine.js'
import type { Network } from './network.js'
import { prepare } from './prepare.js'
import { interpret, type Runnable, type Step } from './step.js'

/** Compiling takes as long as about so many eager batches; data with fewer are not worth it. */
const batchesWorthCompiling = 8

export interface Pass {
  /**
   * Runs over examples in order.
   * @param indices   positions in the data
   * @param onBatch   gets the outputs of up to `batchSize` examples and the position of the first in `indices`
   */
  run (examples: Examples, indices: Int32Array, onBatch: (outputs: NumericArray[], at: number) => void): void
}

/**
 * Makes a pass; what it compiles is closed with the network.
 * @param compute  from a batch to outputs whose first axis is the batch; must be compilable, see Step
 * @param further  variables that it reads beside the network's
 */
export function createPass (
  engine: Engine, network: Network, batchSize: number, compute: (batch: Batch) => Tensor[], further: readonly Variable[] = []
): Pass {
  const compiled = new Map<string, Runnable>()
  network.own({ close: () => { for (const runnable of compiled.values()) runnable.close() } })
  const state = [...network.arrays.map(array => array.variable), ...further]

  return {
    run (examples, indices, onBatch) {
      network.settle()
      const source = createFed(engine, examples)
      const step: Step = fed => ({ outputs: compute(source.batch(fed)) })
      const eager = (size: number) => interpret(engine, step, { inputs: source.inputs(size), state })

      // Compiled and eager numbers may differ in the last digit, so which it is must follow from the data alone, not
      // from what was asked before: a run that was resumed would not repeat itself otherwise.
      const key = JSON.stringify([source.inputs(batchSize), examples.preprocessing])
      const compiles = examples.data.count >= batchesWorthCompiling * batchSize && indices.length >= batchSize
      if (compiles && !compiled.has(key)) compiled.set(key, prepare(engine, step, { inputs: source.inputs(batchSize), state }))
      const full = compiles ? compiled.get(key) : undefined
      full?.push() // the weights may have changed since the last pass

      for (let at = 0; at < indices.length; at += batchSize) {
        const part = indices.subarray(at, at + batchSize)
        const runnable = part.length === batchSize && full ? full : eager(part.length)
        onBatch(runnable.run(source.feed(part)), at)
      }
    }
  }
}

/** 0 .. count - 1 */
export function allOf (count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, index) => index)
}
