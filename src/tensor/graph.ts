/**
 * Writes a trace as the nodes of a TensorFlow graph. State and resident tensors become resource variables of the
 * session that will run it; the rest is the trace, op by op, so that the numbers are those of the eager run.
 */
import type { Variable } from '@tensorflow/tfjs-core'
import { AppError } from '../errors.js'
import type { Native, OpAttribute } from './native.js'
import { attribute, type Attribute, type Node } from './protobuf.js'
import type { Trace } from './trace.js'

/** Element type (TensorFlow's number) and shape of what is fed or kept. */
export interface Slot { type: number, shape: number[] }

export interface Slots { inputs: Slot[], state: Slot[], resident: Slot[] }

/** A graph and the names to run it by, lists separated by commas as the binding wants them. */
export interface Graph {
  nodes: Node[]
  inputs: string
  /** fetching them does the updates too */
  outputs: string
  stateFeeds: string
  storeState: string
  residentFeeds: string
  storeResident: string
  /** positions in the state of the variables that a run changes, and how to read them */
  changed: number[]
  changedReads: string
}

/** Writes the graph of a trace. */
export function emitGraph (native: Native, trace: Trace, slots: Slots): Graph {
  const nodes: Node[] = []
  /** by tensor id: the node's output that has its value */
  const names = new Map<number, string>()
  /** by tensor id: the nodes that use its value */
  const users = new Map<number, string[]>()

  function add (name: string, op: string, inputs: string[], attributes: Record<string, Attribute>): string {
    nodes.push({ name, op, inputs, attributes })
    return name
  }

  function nameOf (id: number): string {
    const known = names.get(id)
    if (known) return known
    const constant = trace.constants.get(id)
    if (!constant) throw new AppError('internal', `The step cannot be compiled: nothing in it makes tensor ${id}`)
    const name = add(`const${id}`, 'Const', [], {
      dtype: attribute.type(constant.type),
      value: attribute.tensor(constant.type, constant.shape, constant.values)
    })
    names.set(id, name)
    return name
  }

  function use (id: number, user: string): string {
    users.set(id, [...users.get(id) ?? [], `^${user}`])
    return nameOf(id)
  }

  /**
   * A variable of the session with its reading and its store. State is copied when it is stored: the fed tensor shares
   * its memory with a JavaScript array, which must not be freed by the thread that replaces the variable's value.
   * Resident tensors are never replaced, so they stay shared: the data set takes no second copy.
   */
  function addVariable (name: string, { type, shape }: Slot, id: number, copy: boolean): string {
    const dtype = attribute.type(type)
    add(name, 'VarHandleOp', [], {
      dtype, shape: attribute.shape(shape), shared_name: attribute.text(name), container: attribute.text('')
    })
    names.set(id, add(`${name}/read`, 'ReadVariableOp', [name], { dtype }))
    add(`${name}/feed`, 'Placeholder', [], { dtype, shape: attribute.shape(shape) })
    if (copy) add(`${name}/copy`, 'DeepCopy', [`${name}/feed`], { T: dtype })
    return add(`${name}/store`, 'AssignVariableOp', [name, `${name}/${copy ? 'copy' : 'feed'}`], { dtype })
  }

  /** A node to fetch when only the effects of others are wanted. */
  function addTarget (name: string, effects: string[]): string {
    const type = attribute.type(native.binding.TF_FLOAT)
    add(`${name}/zero`, 'Const', [], { dtype: type, value: attribute.tensor(native.binding.TF_FLOAT, [], new Float32Array(1)) })
    return `${add(name, 'Identity', [`${name}/zero`, ...effects.map(effect => `^${effect}`)], { T: type })}:0`
  }

  for (const [index, id] of trace.inputs.entries()) {
    const { type, shape } = slots.inputs[index]!
    names.set(id, add(`input${index}`, 'Placeholder', [], { dtype: attribute.type(type), shape: attribute.shape(shape) }))
  }
  const stateIds = [...trace.state.values()]
  const stores = stateIds.map((id, index) => addVariable(`state${index}`, slots.state[index]!, id, true))
  const residentStores = trace.resident.map((id, index) => addVariable(`resident${index}`, slots.resident[index]!, id, false))

  for (const [index, op] of trace.ops.entries()) {
    const name = `op${index}_${op.name.replace(/^_/, '')}`
    add(name, op.name, op.inputs.map(id => use(id, name)), attributesOf(native, op.attributes))
    for (const [output, id] of op.outputs.entries()) names.set(id, output === 0 ? name : `${name}:${output}`)
  }

  // A change waits for everything that uses the old value: then it can be made in place, without a copy.
  const position = new Map([...trace.state.keys()].map((variable, index) => [variable, index]))
  const changed = new Set<number>()
  const waitFor = (variables: Variable[]) => variables.flatMap(variable => {
    const id = trace.state.get(variable)!
    return users.get(id) ?? [`^${names.get(id)}`]
  })
  function change (variable: Variable): string {
    const index = position.get(variable)
    if (index === undefined) throw new AppError('internal', 'The step cannot be compiled: it updates a variable outside its state')
    changed.add(index)
    return `state${index}`
  }

  const effects = trace.updates.map(({ op, attributes, variables, inputs }, index) => {
    const handles = variables.map(change)
    const wait = waitFor(variables).filter((name, at, all) => all.indexOf(name) === at)
    return add(`update${index}`, op, [...handles, ...inputs.map(nameOf), ...wait], attributesOf(native, attributes))
  })
  for (const [variable, id] of trace.assigned) {
    const handle = change(variable)
    const dtype = attribute.type(slots.state[position.get(variable)!]!.type)
    const copy = add(`${handle}/new`, 'DeepCopy', [nameOf(id)], { T: dtype })
    effects.push(add(`${handle}/assign`, 'AssignVariableOp', [handle, copy, ...waitFor([variable])], { dtype }))
  }

  const outputs = trace.outputs.map((id, index) => {
    const type = attribute.type(trace.outputTypes[index]!)
    return `${add(`output${index}`, 'Identity', [nameOf(id), ...effects.map(effect => `^${effect}`)], { T: type })}:0`
  })

  return {
    nodes,
    inputs: trace.inputs.map((_, index) => `input${index}:0`).join(),
    outputs: outputs.join(),
    stateFeeds: stores.map((_, index) => `state${index}/feed:0`).join(),
    storeState: addTarget('storeState', stores),
    residentFeeds: residentStores.map((_, index) => `resident${index}/feed:0`).join(),
    storeResident: addTarget('storeResident', residentStores),
    changed: [...changed],
    changedReads: [...changed].map(index => `state${index}/read:0`).join()
  }
}

function attributesOf ({ binding }: Native, list: OpAttribute[]): Record<string, Attribute> {
  return Object.fromEntries(list.map(({ name, type, value }) => [name, encode(binding, type, value)]))
}

function encode (binding: Native['binding'], type: number, value: OpAttribute['value']): Attribute {
  switch (type) {
    case binding.TF_ATTR_TYPE: return attribute.type(value as number)
    case binding.TF_ATTR_INT: return Array.isArray(value) ? attribute.ints(value as number[]) : attribute.int(value as number)
    case binding.TF_ATTR_FLOAT: return Array.isArray(value) ? attribute.floats(value as number[]) : attribute.float(value as number)
    case binding.TF_ATTR_BOOL: return Array.isArray(value) ? attribute.bools(value as boolean[]) : attribute.bool(value as boolean)
    case binding.TF_ATTR_STRING: return attribute.text(value as string)
    case binding.TF_ATTR_SHAPE: return attribute.shape(value as number[])
    default: throw new AppError('internal', `The step cannot be compiled: an op has an attribute of the unknown type ${type}`)
  }
}
