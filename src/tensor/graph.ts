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

export interface Slots { inputs: Slot[], state: Slot[], resident: Slot[] }

/** A graph and the names to run it by, lists separated by commas as the binding wants them. */
export interface Graph {
  nodes: Node[]
  inputs: string
  /** fetching them makes the changes of state too */
  outputs: string
  stateFeeds: string
  storeState: string
  /** for every resident tensor what to feed, and what to fetch so that it is stored */
  resident: { feed: string, store: string }[]
  /** positions in the state of the variables that a run changes, and how to read them */
  changed: number[]
  changedReads: string
}

/** Writes the graph of a trace. */
export function emitGraph (binding: Binding, trace: Trace, slots: Slots): Graph {
  const builder = createBuilder(binding, trace)
  for (const [index, id] of trace.inputs.entries()) builder.addInput(`input${index}`, slots.inputs[index]!, id)
  const stores = [...trace.state.values()].map((id, index) => builder.addVariable(`state${index}`, slots.state[index]!, id, true))
  const residentStores = trace.resident.map((id, index) => builder.addVariable(`resident${index}`, slots.resident[index]!, id, false))
  for (const [index, op] of trace.ops.entries()) builder.addOp(`op${index}_${op.name.replace(/^_/, '')}`, op)
  const { effects, changed } = addChanges(builder, trace, slots)
  const outputs = trace.outputs.map(({ id, type }, index) => builder.addOutput(`output${index}`, id, type, effects))
  return {
    nodes: builder.nodes,
    inputs: trace.inputs.map((_, index) => `input${index}:0`).join(),
    outputs: outputs.join(),
    stateFeeds: stores.map((_, index) => `state${index}/feed:0`).join(),
    storeState: builder.addTarget('storeState', stores),
    resident: residentStores.map((store, index) => (
      { feed: `resident${index}/feed:0`, store: builder.addTarget(`storeResident${index}`, [store]) })),
    changed,
    changedReads: changed.map(index => `state${index}/read:0`).join()
  }
}

/**
 * Ops that TensorFlow's optimizer would fuse with the bias and activation after them. That is no faster and gives other
 * numbers than the eager run: its tanh rounds otherwise, its relu makes 0 of NaN. A control edge keeps it from that,
 * from a node of its own: one that leads there by another way as well would be optimized away first.
 */
const unfused = new Set(['MatMul'])

/** Adds the changes of state. @returns their nodes, and the positions of the variables that they change */
function addChanges (builder: Builder, trace: Trace, slots: Slots): { effects: string[], changed: number[] } {
  const variables = [...trace.state.keys()]
  const changed = new Set<number>()
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
    const name = builder.add(`update${index}`, op, [...handles, ...values, ...readersOf(variables), ...before], builder.encode(attributes))
    for (const position of positions) latest.set(position, name)
    return name
  })
  for (const [variable, id] of trace.assigned) {
    const index = change(variable)
    effects.push(builder.addAssignment(`state${index}`, slots.state[index]!, id, readersOf([variable])))
  }
  return { effects, changed: [...changed] }
}

type Builder = ReturnType<typeof createBuilder>

function createBuilder (binding: Binding, trace: Trace) {
  const nodes: Node[] = []
  /** by tensor id: the node's output that has its value */
  const names = new Map<number, string>()
  /** by tensor id: the ops that use its value */
  const readers = new Map<number, Set<string>>()

  function add (name: string, op: string, inputs: string[], attributes: Record<string, Attribute>): string {
    nodes.push({ name, op, inputs, attributes })
    return name
  }

  function nameOf (id: number): string {
    return names.get(id) ?? addConstant(id)
  }

  function addConstant (id: number): string {
    const constant = trace.constants.get(id)
    if (!constant) throw new AppError('internal', `The step cannot be compiled: nothing in it makes tensor ${id}`)
    const { type, shape, values } = constant
    const name = add(`const${id}`, 'Const', [], { dtype: attribute.type(type), value: attribute.tensor(type, shape, values) })
    names.set(id, name)
    return name
  }

  function addHandle (name: string, { type, shape }: Slot): string {
    return add(name, 'VarHandleOp', [], {
      dtype: attribute.type(type), shape: attribute.shape(shape), shared_name: attribute.text(name), container: attribute.text('')
    })
  }

  function encode (list: OpAttribute[]): Record<string, Attribute> {
    return Object.fromEntries(list.map(({ name, type, value }) => [name, encodeAttribute(binding, type, value)]))
  }

  return {
    nodes,
    add,
    nameOf,
    encode,

    addInput (name: string, { type, shape }: Slot, id: number): void {
      names.set(id, add(name, 'Placeholder', [], { dtype: attribute.type(type), shape: attribute.shape(shape) }))
    },

    /**
     * Adds a variable of the session, its reading and its store. State is copied when it is stored: the fed tensor may
     * share its memory with a JavaScript array, which must not be freed by the TensorFlow thread that later replaces
     * the variable's value. Resident tensors are never replaced and need no copy.
     * @returns the storing node
     */
    addVariable (name: string, { type, shape }: Slot, id: number, copy: boolean): string {
      const dtype = attribute.type(type)
      addHandle(name, { type, shape })
      names.set(id, add(`${name}/read`, 'ReadVariableOp', [name], { dtype }))
      let value = add(`${name}/feed`, 'Placeholder', [], { dtype, shape: attribute.shape(shape) })
      if (copy) value = add(`${name}/copy`, 'DeepCopy', [value], { T: dtype })
      return add(`${name}/store`, 'AssignVariableOp', [name, value], { dtype })
    },

    addOp (name: string, op: Trace['ops'][number]): void {
      for (const id of op.inputs) {
        if (!readers.has(id)) readers.set(id, new Set())
        readers.get(id)!.add(name)
      }
      const inputs = op.inputs.map(nameOf)
      if (unfused.has(op.name)) inputs.push(`^${addHandle(`${name}/fence`, { type: binding.TF_FLOAT, shape: [] })}`)
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
      const copy = add(`${name}/new`, 'DeepCopy', [nameOf(id)], { T: dtype })
      return add(`${name}/assign`, 'AssignVariableOp', [name, copy, ...after], { dtype })
    },

    addOutput (name: string, id: number, type: number, effects: string[]): string {
      return `${add(name, 'Identity', [nameOf(id), ...effects.map(effect => `^${effect}`)], { T: attribute.type(type) })}:0`
    },

    /** Adds a node to fetch when only the effects of others are wanted. */
    addTarget (name: string, effects: string[]): string {
      const type = attribute.type(binding.TF_FLOAT)
      add(`${name}/zero`, 'Const', [], { dtype: type, value: attribute.tensor(binding.TF_FLOAT, [], new Float32Array(1)) })
      return `${add(name, 'Identity', [`${name}/zero`, ...effects.map(effect => `^${effect}`)], { T: type })}:0`
    }
  }
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
