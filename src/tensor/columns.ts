/** What a batch has beside the inputs of its examples: their target, and further fields that a loss may read. */
import type { Tensor } from '@tensorflow/tfjs-core'
import type { FieldArray } from '../datasets/dataset.js'
import { AppError } from '../errors.js'
import type { Engine } from './engine.js'
import { takeRows } from './gatherer.js'
import { toInt } from './ops.js'
import { elementType } from './preprocess.js'
import type { InputSpec } from './step.js'

/** What examples have beside their inputs. */
export interface Targets {
  /** what the outputs shall be: so many numbers of every example as the network's head says, in any integer or float type */
  target: FieldArray
  /** what a loss of a kind's own reads beside the target, by name, such as scribbles: some numbers of every example */
  further?: Record<string, FieldArray>
}

/** The same of a batch: [n], or [n, numbers of an example]; int32 where they are integers. */
export interface FedTargets { target: Tensor, further: Record<string, Tensor> }

/** One field of all examples. */
export interface Column {
  name: string
  values: FieldArray
  /** of so many examples: [n], or [n, numbers of an example] */
  spec (size: number): InputSpec
  /** Numbers of some examples, by position in the data: a new array. */
  take (indices: Int32Array): FieldArray
}

/** The target first, then the further fields. @throws invalid_input when examples do not have equally many numbers of one */
export function columnsOf ({ data: { count }, target, further = {} }: Targets & { data: { count: number } }): Column[] {
  return [['target', target] as const, ...Object.entries(further)].map(([name, values]) => {
    const width = values.length / count
    if (!Number.isInteger(width)) {
      throw new AppError('invalid_input', `${name} must have as many numbers for every one of ${count} examples, got ${values.length}`)
    }
    return {
      name,
      values,
      spec: size => ({ type: elementType(values), shape: width === 1 ? [size] : [size, width] }),
      take: indices => takeRows(values, width, indices)
    }
  })
}

/** The columns of a batch, by name. @param fed their rows, in the same order, and what may follow them */
export function fedColumns (engine: Engine, columns: Column[], fed: Tensor[]): FedTargets {
  const [target, ...further] = columns.map(({ values, name }, i) =>
    [name, values instanceof Uint8Array ? toInt(engine, fed[i]!) : fed[i]!] as const)
  return { target: target![1], further: Object.fromEntries(further) }
}
