/**
 * What a step is: a function from fed arrays to arrays, which may change state; and the plain way to run one, op by op.
 * Next hop: prepare.ts chooses between this and compile.ts.
 */
import type { Tensor, Variable } from '@tensorflow/tfjs-core'
import { sizeOf, type NumericArray } from '../math/arrays.js'
import { AppError } from '../errors.js'
import type { Engine } from './engine.js'
import type { OpAttribute } from './native.js'

/** An array that a step is fed. uint8 arrives as a tensor that only toFloat and gatherRows understand. */
export interface InputSpec { type: 'float32' | 'int32' | 'uint8', shape: number[] }

/** A change of state that TensorFlow has a kernel for: in place, in one pass over the memory. */
export interface Update {
  /** a resource op of TensorFlow whose first inputs are variables: ResourceApplyMomentum */
  op: string
  attributes: OpAttribute[]
  variables: Variable[]
  /** the op's further inputs */
  inputs: Tensor[]
  /** Does the same by formula, in the same order of roundings, where the op cannot be used. */
  apply (): void
}

/**
 * Computes from its inputs and the state, by tfjs ops. May change state by variable.assign() or, faster, by returning
 * updates. It must not read data (dataSync), draw from a generator, or use tensors other than inputs, state and resident.
 */
export type Step = (inputs: Tensor[]) => { outputs: Tensor[], updates?: Update[] }

export interface StepOptions {
  inputs: InputSpec[]
  /** variables that the step reads or changes */
  state: Variable[]
  /** tensors that it reads and does not change, such as a data set */
  resident?: readonly Tensor[]
  /** further steps on the same state, which need none of it moved, such as a change of weights from outside */
  beside?: readonly FurtherStep[]
}

/** Reads and changes the state of the step that it is beside. It has outputs, and no resident tensors. */
export interface FurtherStep { step: Step, inputs: InputSpec[] }

/** A step that can be run. Belongs to whoever made it, who closes it. */
export interface Runnable {
  readonly inputs: readonly InputSpec[]
  /**
   * Runs once, with the state as push() or the last run left it.
   * @param inputs  one array per InputSpec, not changed during the call
   * @returns       new arrays, one per output of the step
   * @throws invalid_input when an array's type or length is not what was prepared
   */
  run (inputs: NumericArray[]): NumericArray[]
  /** The same for the steps beside it, in their order. */
  readonly beside: readonly Runnable['run'][]
  /** Copies variables of the state, one after the other, from where the step runs. @param into has their length together */
  read (variables: readonly Variable[], into: Float32Array): void
  /** Puts numbers in place of the whole state, where the step runs: of all variables, one after the other, and no more. */
  write (from: Float32Array): void
  /** Puts tensors of the same types and shapes in place of the resident ones; those that are there already cost nothing. */
  keep (resident: readonly Tensor[]): void
  /** Brings the variables' values to where the step runs. Needed before the first run and after a variable changed. */
  push (): void
  /** Brings the state back into the variables. */
  pull (): void
  close (): void
}

/** Makes a step runnable op by op: slower, same results; the state stays in the variables. */
export function interpret (engine: Engine, step: Step, { inputs: specs, state, beside = [] }: StepOptions): Runnable {
  return {
    inputs: specs,
    run: inputs => interpretOnce(engine, step, specs, inputs),
    beside: beside.map(({ step, inputs: specs }) => (inputs: NumericArray[]) => interpretOnce(engine, step, specs, inputs)),
    read (variables, into) {
      let at = 0
      for (const variable of variables) {
        into.set(variable.dataSync<'float32'>(), at)
        at += variable.size
      }
    },
    write (from) {
      let at = 0
      for (const variable of state) {
        const values = engine.tf.tensor(from.slice(at, at + variable.size), variable.shape, 'float32') // it would share the caller's memory
        variable.assign(values)
        values.dispose()
        at += variable.size
      }
    },
    keep () {}, // the step finds them where it found the first ones
    push () {},
    pull () {},
    close () {}
  }
}

function interpretOnce (engine: Engine, step: Step, specs: readonly InputSpec[], inputs: NumericArray[]): NumericArray[] {
  const { tf } = engine
  checkInputs(specs, inputs)
  const outputs = tf.tidy(() => {
    const result = step(specs.map((spec, index) => makeTensor(engine, spec, inputs[index]!)))
    for (const update of result.updates ?? []) update.apply()
    return result.outputs
  })
  return outputs.map(tensor => {
    const values = tensor.dataSync() as NumericArray
    tensor.dispose()
    return values
  })
}

/** A tensor over the caller's memory, of the type that the spec names. */
export function makeTensor ({ tf, native }: Engine, { type, shape }: InputSpec, values: NumericArray): Tensor {
  if (type !== 'uint8') return tf.tensor(values as Float32Array | Int32Array, shape, type)
  if (!native) return tf.tensor(Float32Array.from(values), shape, 'float32')
  const { backend, binding } = native
  const id = backend.binding.createTensor(shape, binding.TF_UINT8, values)
  return backend.createOutputTensor({ id, shape, dtype: binding.TF_UINT8 })
}

const arrayTypes = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array }

/** @throws invalid_input when an array is not what its spec says */
export function checkInputs (specs: readonly InputSpec[], inputs: readonly NumericArray[]): void {
  if (inputs.length !== specs.length) {
    throw new AppError('invalid_input', `inputs must be ${specs.length} arrays, got ${inputs.length}`)
  }
  for (const [index, { type, shape }] of specs.entries()) {
    const values = inputs[index]!
    if (values instanceof arrayTypes[type] && values.length === sizeOf(shape)) continue
    throw new AppError('invalid_input',
      `inputs[${index}] must be the ${type} [${shape}] that the step was prepared for, got ${values.constructor.name} of ${values.length}`)
  }
}
