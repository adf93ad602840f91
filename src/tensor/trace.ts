/**
 * Writes down what a step does: runs it once eagerly with a recording binding in place of TensorFlow's. Refuses, with
 * the cause, what would be frozen in silence by a replay. Next hop: compile.ts turns the record into a graph.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Tensor, Variable } from '@tensorflow/tfjs-core'
import { sizeOf } from '../arrays.js'
import { AppError } from '../errors.js'
import type { Engine } from './engine.js'
import { idOf, type Binding, type Native, type OpAttribute, type TensorMetadata } from './native.js'
import { makeTensor, type InputSpec, type Step, type StepOptions } from './step.js'

export interface Constant { shape: number[], type: number, values: ArrayBufferView }

export interface TracedOp { name: string, attributes: OpAttribute[], inputs: number[], outputs: number[] }

export interface TracedUpdate { op: string, attributes: OpAttribute[], variables: Variable[], inputs: number[] }

/** One run of a step. Tensors are named by the binding's ids, which are never used twice. */
export interface Trace {
  inputs: number[]
  /** ids of the state's values before the step, by variable */
  state: Map<Variable, number>
  resident: number[]
  constants: Map<number, Constant>
  ops: TracedOp[]
  outputs: number[]
  /** new value of every variable that the step assigned */
  assigned: Map<Variable, number>
  updates: TracedUpdate[]
}

/**
 * Traces a step twice, for one trace does not show what is random.
 * @throws internal naming the cause, when the step cannot be compiled
 */
export function traceTwice (engine: Engine, native: Native, step: Step, options: StepOptions): Trace {
  const first = trace(engine, native, step, options)
  const second = trace(engine, native, step, options)
  compare(canonical(first), canonical(second))
  return first
}

function trace (engine: Engine, native: Native, step: Step, { inputs: specs, state, resident = [] }: StepOptions): Trace {
  const { tf } = engine
  return tf.tidy(() => {
    const inputs = specs.map(spec => exampleInput(engine, spec))
    const before = new Map(state.map(variable => [variable, idOf(native, variable)]))
    const saved = state.map(variable => tf.clone(variable))
    const inputIds = inputs.map(tensor => idOf(native, tensor))
    const residentIds = resident.map(tensor => idOf(native, tensor))
    const variableCount = tf.memory().numTensors && Object.keys(tf.engine().registeredVariables).length

    const recorder = record(native, [...inputs, ...state, ...resident])
    try {
      const { outputs, updates = [] } = step(inputs)
      if (Object.keys(tf.engine().registeredVariables).length !== variableCount) refuse('it creates a variable')
      const after = state.map(variable => [variable, idOf(native, variable)] as const)
      return {
        inputs: inputIds,
        state: before,
        resident: residentIds,
        ...recorder,
        outputs: outputs.map(tensor => idOf(native, tensor)),
        assigned: new Map(after.filter(([variable, id]) => before.get(variable) !== id)),
        updates: updates.map(({ op, attributes, variables, inputs }) =>
          ({ op, attributes, variables, inputs: inputs.map(tensor => idOf(native, tensor)) }))
      }
    } finally {
      recorder.stop()
      for (const [index, variable] of state.entries()) {
        if (idOf(native, variable) !== before.get(variable)) variable.assign(saved[index]!)
      }
    }
  }) as unknown as Trace
}
