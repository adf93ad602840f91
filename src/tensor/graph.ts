/**
 * Writes a trace as the nodes of a TensorFlow graph. State and resident tensors become resource variables of the
 * session that will run it; the rest is the trace, op by op, so that the numbers are those of the eager run.
 */
import type { Variable } from '@tensorflow/tfjs-core'
import { AppError } from '../errors.js'
import type { Binding, OpAttribute } from './native.js'
import { attribute, type Attribute, type Node } from './protobuf.js'
import type { Trace } from './trace.js'

/** Element type (TensorFlow's number) and shape of what is fed or kept. */
export interface Slot { type: number, shape: number[] }

/** State and resident tensors; the traces that a graph is written of share them. */
export interface Slots { state: Slot[], resident: Slot[] }

/** A trace and what it is fed. */
export interface Traced { trace: Trace, inputs: Slot[] }

/** How a trace is run: fetching the outputs makes its changes of state too. */
export interface Entry { inputs: string, outputs: string }

/** A graph and the names to run it by, lists separated by commas as the binding wants them. */
export interface Graph {
  nodes: Node[]
  /** one per trace */
  entries: Entry[]
  stateFeeds: string
  storeState: string
  /** for every resident tensor what to feed, and what to fetch so that it is stored */
  resident: { feed: string, store: string }[]
  /** positions in the state of the variables that runs change */
  changed: number[]
}

/** How the values of variables are fetched. @param positions in the state */
export function readsOf (positions: readonly number[]): string {
  return positions.map(position => `state${position}/read:0`).join()
}

/** Writes the graph of traces of one state; the resident tensors are the first one's. */
export function emitGraph (binding: Binding, traces: readonly [Traced, ...Traced[]], slots: Slots): Graph {
  const nodes: Node[] = []
  const changed = new Set<number>()
  const stores = slots.state.map((slot, index) => addVariable(nodes, `state${index}`, slot, true))
  const residentStores = slots.resident.map((slot, index) => addVariable(nodes, `resident${index}`, slot, false))
  const entries = traces.map(({ trace, inputs }, order) =>
    addTrace(createBuilder(binding, nodes, trace, order === 0 ? '' : `beside${order}/`), { trace, inputs, slots, changed }))
  return {
    nodes,
    entries,
    stateFeeds: stores.map((_, index) => `state${index}/feed:0`).join(),
    storeState: addTarget(binding, nodes, 'storeState', stores),
    resident: residentStores.map((store, index) => (
      { feed: `resident${index}/feed:0`, store: addTarget(binding, nodes, `storeResident${index}`, [store]) })),
    changed: [...changed]
  }
}

/** Adds the ops of a trace. @param changed gets the positions of the variables that it changes */
function addTrace (builder: Builder, { trace, inputs, slots, changed }: Traced & { slots: Slots, changed: Set<number> }): Entry {
  const { prefix } = builder
  for (const [index, id] of trace.inputs.entries()) builder.addInput(`${prefix}input${index}`, inputs[index]!, id)
  for (const [index, id] of [...trace.state.values()].entries()) builder.bind(id, `state${index}/read`)
  for (const [index, id] of trace.resident.entries()) builder.bind(id, `resident${index}/read`)
  for (const [index, op] of trace.ops.entries()) builder.addOp(`${prefix}op${index}_${op.name.replace(/^_/, '')}`, op)
  const effects = addChanges(builder, trace, slots, changed)
  const outputs = trace.outputs.map(({ id, type }, index) => builder.addOutput(`${prefix}output${index}`, id, type, effects))
  return { inputs: trace.inputs.map((_, index) => `${prefix}input${index}:0`).join(), outputs: outputs.join() }
}

/**
 * Ops that TensorFlow's optimizer would fuse with the bias and activation after them. That is no faster and gives other
 * numbers than the eager run: its tanh rounds otherwise, its relu makes 0 of NaN. A control edge keeps it from that,
 * from a node of its own: one that leads there by another way as well would be optimized away first.
 */
const unfused = new Set(['MatMul'])

/** Adds the changes of state. @returns their nodes */
function addChanges (builder: Builder, trace: Trace, slots: Slots, changed: Set<number>): string[] {
  const variables = [...trace.state.keys()]
  function change (variable: Variable): number {
    const index = variables.indexOf(variable)
    if (index < 0) throw new AppError('internal', 'The step cannot be compiled: it updates a variable outside its state')
    changed.add(index)
    return index
  }
  const readersOf = (list: Variable[]) => builder.readersOf(list.map(variable => trace.state.get(variable)!))
  /** by position: the update that changed a variable last; the next one of it waits */
  const latest = new Map<number, string>()

  const effects = trace.updates.map(({ op, attributes, variables, inputs }, index) => {
    const positions = variables.map(change)
    const handles = positions.map(position => `state${position}`)
    const values = inputs.map(id => builder.nameOf(id))
    const before = [...new Set(positions.flatMap(position => latest.get(position) ?? []))].map(update => `^${update}`)
    const name = builder.add(`${builder.prefix}update${index}`, op, [...handles, ...values, ...readersOf(variables), ...before], builder.encode(attributes))
    for (const position of positions) latest.set(position, name)
    return name
  })
  for (const [variable, id] of trace.assigned) {
    const index = change(variable)
    effects.push(builder.addAssignment(`state${index}`, slots.state[index]!, id, readersOf([variable])))
  }
  return effects
}

type Builder = ReturnType<typeof createBuilder>

/** @param prefix of the names of all that is not shared with other traces */
function createBuilder (binding: Binding, nodes: Node[], trace: Trace, prefix: string) {
  /** by tensor id: the node's output that has its value */
  const names = new Map<number, string>()
  /** by tensor id: the ops that use its value */
  const readers = new Map<number, Set<string>>()

  function add (name: string, op: string, inputs: string[], attributes: Record<string, Attribute>): string {
    return addNode(nodes, name, op, inputs, attributes)
  }

  function nameOf (id: number): string {
    return names.get(id) ?? addConstant(id)
  }

  function addConstant (id: number): string {
    const constant = trace.constants.get(id)
    if (!constant) throw new AppError('internal', `The step cannot be compiled: nothing in it makes tensor ${id}`)
    const { type, shape, values } = constant
    const name = add(`${prefix}const${id}`, 'Const', [], { dtype: attribute.type(type), value: attribute.tensor(type, shape, values) })
    names.set(id, name)
    return name
  }

  function encode (list: OpAttribute[]): Record<string, Attribute> {
    return Object.fromEntries(list.map(({ name, type, value }) => [name, encodeAttribute(binding, type, value)]))
  }

  return {
    prefix,
    add,
    nameOf,
    encode,

    addInput (name: string, { type, shape }: Slot, id: number): void {
      names.set(id, add(name, 'Placeholder', [], { dtype: attribute.type(type), shape: attribute.shape(shape) }))
    },

    /** Says which node has the value of a tensor. */
    bind (id: number, name: string): void {
      names.set(id, name)
    },

    addOp (name: string, op: Trace['ops'][number]): void {
      for (const id of op.inputs) {
        if (!readers.has(id)) readers.set(id, new Set())
        readers.get(id)!.add(name)
      }
      const inputs = op.inputs.map(nameOf)
      if (unfused.has(op.name)) inputs.push(`^${addHandle(nodes, `${name}/fence`, { type: binding.TF_FLOAT, shape: [] })}`)
      add(name, op.name, inputs, encode(op.attributes))
      for (const [output, id] of op.outputs.entries()) names.set(id, output === 0 ? name : `${name}:${output}`)
    },

    /** Control edges that make a change of variables wait for all that use the old values: then it is made in place. */
    readersOf (ids: number[]): string[] {
      const all = ids.flatMap(id => [nameOf(id), ...readers.get(id) ?? []])
      return [...new Set(all)].map(name => `^${name}`)
    },

    /** The value is copied, for it may be an input, whose memory is the caller's. */
    addAssignment (name: string, { type }: Slot, id: number, after: string[]): string {
      const dtype = attribute.type(type)
      const copy = add(`${prefix}${name}/new`, 'DeepCopy', [nameOf(id)], { T: dtype })
      return add(`${prefix}${name}/assign`, 'AssignVariableOp', [name, copy, ...after], { dtype })
    },

    addOutput (name: string, id: number, type: number, effects: string[]): string {
      return `${add(name, 'Identity', [nameOf(id), ...effects.map(effect => `^${effect}`)], { T: attribute.type(type) })}:0`
    }
  }
}

function addNode (nodes: Node[], name: string, op: string, inputs: string[], attributes: Record<string, Attribute>): string {
  nodes.push({ name, op, inputs, attributes })
  return name
}

function addHandle (nodes: Node[], name: string, { type, shape }: Slot): string {
  return addNode(nodes, name, 'VarHandleOp', [], {
    dtype: attribute.type(type), shape: attribute.shape(shape), shared_name: attribute.text(name), container: attribute.text('')
  })
}

/**
 * Adds a variable of the session, its reading and its store. State is copied when it is stored: the fed tensor may
 * share its memory with a JavaScript array, which must not be freed by the TensorFlow thread that later replaces
 * the variable's value. Resident tensors are never replaced and need no copy.
 * @returns the storing node
 */
function addVariable (nodes: Node[], name: string, { type, shape }: Slot, copy: boolean): string {
  const dtype = attribute.type(type)
  addHandle(nodes, name, { type, shape })
  addNode(nodes, `${name}/read`, 'ReadVariableOp', [name], { dtype })
  let value = addNode(nodes, `${name}/feed`, 'Placeholder', [], { dtype, shape: attribute.shape(shape) })
  if (copy) value = addNode(nodes, `${name}/copy`, 'DeepCopy', [value], { T: dtype })
  return addNode(nodes, `${name}/store`, 'AssignVariableOp', [name, value], { dtype })
}

/** Adds a node to fetch when only the effects of others are wanted. */
function addTarget (binding: Binding, nodes: Node[], name: string, effects: string[]): string {
  const type = attribute.type(binding.TF_FLOAT)
  addNode(nodes, `${name}/zero`, 'Const', [], { dtype: type, value: attribute.tensor(binding.TF_FLOAT, [], new Float32Array(1)) })
  return `${addNode(nodes, name, 'Identity', [`${name}/zero`, ...effects.map(effect => `^${effect}`)], { T: type })}:0`
}

function encodeAttribute (binding: Binding, type: number, value: OpAttribute['value']): Attribute {
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
