/**
 * Writes down what a step does: runs it once eagerly with a recording binding in place of TensorFlow's. Refuses, with
 * the cause, what would be frozen in silence by a replay. Next hop: compile.ts turns the record into a graph.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Tensor, Variable } from '@tensorflow/tfjs-core'
import { sizeOf } from '../math/arrays.js'
import { AppError } from '../errors.js'
import type { Engine } from './engine.js'
import { idOf, typeOf, type Binding, type Native, type OpAttribute, type TensorMetadata } from './native.js'
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
  /** with the element type, TensorFlow's number */
  outputs: { id: number, type: number }[]
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

function trace (engine: Engine, native: Native, step: Step, options: StepOptions): Trace {
  let result: Trace | undefined
  // The result leaves by assignment: tidy would search the constants for tensors, element by element.
  engine.tf.tidy(() => { result = traceOnce(engine, native, step, options) })
  return result!
}

function traceOnce (engine: Engine, native: Native, step: Step, { inputs: specs, state, resident = [] }: StepOptions): Trace {
  const { tf } = engine
  const inputs = specs.map(spec => exampleInput(engine, spec))
  const ids = (tensors: readonly Tensor[]) => tensors.map(tensor => idOf(native, tensor))
  const before = new Map(state.map(variable => [variable, idOf(native, variable)]))
  const known = { inputs: ids(inputs), state: before, resident: ids(resident) }
  const saved = state.map(variable => tf.clone(variable))
  const variables = () => Object.keys(tf.engine().registeredVariables).length
  const variablesBefore = variables()

  const { ops, constants, stop } = record(native, [...inputs, ...state, ...resident])
  try {
    const { outputs, updates = [] } = step(inputs)
    if (variables() !== variablesBefore) refuse('it creates a variable')
    const assigned = new Map(state.map(variable => [variable, idOf(native, variable)]))
    for (const [variable, id] of before) if (assigned.get(variable) === id) assigned.delete(variable)
    return {
      ...known,
      ops,
      constants,
      assigned,
      outputs: outputs.map(tensor => ({ id: idOf(native, tensor), type: typeOf(native, tensor) })),
      updates: updates.map(({ op, attributes, variables, inputs }) => ({ op, attributes, variables, inputs: ids(inputs) }))
    }
  } finally {
    stop()
    for (const [index, variable] of state.entries()) {
      if (idOf(native, variable) !== before.get(variable)) variable.assign(saved[index]!)
    }
  }
}

/** Zeros of the right type: a trace keeps what is done, not what comes out. */
function exampleInput (engine: Engine, spec: InputSpec): Tensor {
  const arrays = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array }
  return makeTensor(engine, spec, new arrays[spec.type](sizeOf(spec.shape)))
}

/**
 * Puts the recording binding into tfjs-node's backend. The real properties are read-only, so it is an object over it.
 * @param known  the tensors that a step may use besides those it makes itself
 */
function record (native: Native, known: Tensor[]): { ops: TracedOp[], constants: Map<number, Constant>, stop (): void } {
  const { backend, binding } = native
  const ops: TracedOp[] = []
  const constants = new Map<number, Constant>()
  const allowed = new WeakSet<object>(known.map(tensor => tensor.dataId))
  const { tensorMap } = backend

  const recording: Pick<Binding, 'createTensor' | 'executeOp' | 'tensorDataSync'> = {
    createTensor (shape, type, values) {
      if (Array.isArray(values)) refuse('it makes a tensor of strings')
      const id = binding.createTensor(shape, type, values)
      constants.set(id, { shape: [...shape], type, values: values.slice() })
      return id
    },
    executeOp (name, attributes, inputs, count) {
      const outputs: TensorMetadata[] = binding.executeOp(name, attributes, inputs, count)
      const completed = complete(binding, name, attributes, outputs[0]!)
      ops.push({ name, attributes: completed, inputs: [...inputs], outputs: outputs.map(output => output.id) })
      return outputs
    },
    tensorDataSync () {
      return refuse('it reads data (dataSync, or an op that does, such as tf.gather) while it is traced')
    }
  }
  // Own properties hide the methods of the prototypes until they are deleted again.
  Object.assign(tensorMap, {
    set (dataId: object, entry: object) {
      allowed.add(dataId)
      Object.getPrototypeOf(tensorMap).set.call(tensorMap, dataId, entry)
    }
  })
  Object.assign(backend, {
    binding: Object.create(binding, Object.getOwnPropertyDescriptors(recording)),
    getInputTensorIds (tensors: Tensor[]) {
      const captured = tensors.find(tensor => tensor.dataId && !allowed.has(tensor.dataId))
      if (captured) {
        refuse(`it uses a ${captured.dtype} [${captured.shape}] tensor that is neither an input nor part of its state, and would be frozen`)
      }
      return Object.getPrototypeOf(backend).getInputTensorIds.call(backend, tensors)
    }
  })
  return {
    ops,
    constants,
    stop () {
      Reflect.deleteProperty(tensorMap, 'set')
      Reflect.deleteProperty(backend, 'getInputTensorIds')
      backend.binding = binding
    }
  }
}

/** tfjs-node leaves the element type of ExpandDims to be inferred, which a graph does not do. */
function complete (binding: Binding, name: string, attributes: OpAttribute[], output: TensorMetadata): OpAttribute[] {
  if (name !== 'ExpandDims' || attributes.length > 0) return attributes
  return [{ name: 'T', type: binding.TF_ATTR_TYPE, value: output.dtype }]
}

/** The trace with ids counted from 0, so that two traces of one step are equal. */
function canonical ({ inputs, state, resident, constants, ops, outputs, assigned, updates }: Trace) {
  const numbers = new Map<number, number>()
  const number = (id: number) => {
    if (!numbers.has(id)) numbers.set(id, numbers.size)
    return numbers.get(id)!
  }
  for (const id of [...inputs, ...state.values(), ...resident]) number(id)
  const body = ops.map(op => ({ ...op, inputs: op.inputs.map(number), outputs: op.outputs.map(number) }))
  const results = {
    outputs: outputs.map(({ id }) => number(id)),
    assigned: [...assigned.values()].map(number),
    updates: updates.map(({ op, inputs }) => [op, inputs.map(number)])
  }
  const used = [...constants].filter(([id]) => numbers.has(id))
  return { ops: body, results, constants: used.map(([id, constant]) => ({ id: number(id), ...constant })) }
}

function compare (first: ReturnType<typeof canonical>, second: ReturnType<typeof canonical>): void {
  if (!isDeepStrictEqual(first.ops, second.ops) || !isDeepStrictEqual(first.results, second.results)) {
    refuse('it does different things when it is run twice')
  }
  for (const [index, constant] of first.constants.entries()) {
    if (isDeepStrictEqual(constant, second.constants[index])) continue
    refuse(`a constant of shape [${constant.shape}] differs when it is run twice: random numbers must come from an input (dropout.ts)`)
  }
}

function refuse (cause: string): never {
  throw new AppError('internal', `The step cannot be compiled: ${cause}`)
}
