/**
 * Compiles a step: its trace becomes one TensorFlow graph that is replayed through tfjs-node's binding. State and
 * resident tensors live in the graph's session; a run is fed only its inputs. Sources of the graph: trace.ts, graph.ts.
 *
 * Why state lives in the session: fed and fetched at every step, the weights of an MLP 784-256-10 cost 0.05 to 0.3 ms
 * of a 0.7 ms step on a CPU (batch 64, 2 threads), those of a CNN 32-64-128 nothing measurable; on a GPU they would
 * cross the bus. A resident data set, fed indices, was 0 to 20 % faster than one whose rows are gathered here and fed.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { NumericArray } from '../math/arrays.js'
import type { Engine } from './engine.js'
import { emitGraph, readsOf, type Entry } from './graph.js'
import { idOf, typeOf, type Native, type TensorMetadata } from './native.js'
import { savedModel, type Node } from './protobuf.js'
import { checkInputs, type InputSpec, type Runnable, type Step, type StepOptions } from './step.js'
import { traceTwice } from './trace.js'

/**
 * Compiles a step for the given shapes. Takes 30 to 200 ms, most of it at the first run.
 * @throws internal naming the cause, when the step cannot be compiled
 */
export function compile (engine: Engine, native: Native, step: Step, options: StepOptions): Runnable {
  const { inputs: specs, state, resident = [], beside = [] } = options
  const { backend, binding } = native
  const types = { float32: binding.TF_FLOAT, int32: binding.TF_INT32, uint8: binding.TF_UINT8 }
  const describe = (tensor: Tensor) => ({ type: typeOf(native, tensor), shape: tensor.shape })
  const traced = (step: Step, options: StepOptions) => ({
    trace: traceTwice(engine, native, step, options), inputs: options.inputs.map(({ type, shape }) => ({ type: types[type], shape }))
  })
  const graph = emitGraph(
    binding, [traced(step, options), ...beside.map(({ step, inputs }) => traced(step, { inputs, state }))],
    { state: state.map(describe), resident: resident.map(describe) })
  const session = load(native, graph.nodes)
  const kept: Tensor[] = []
  /** positions in the state where it may differ from the variables */
  let differing = graph.changed
  keep(resident)

  function keep (tensors: readonly Tensor[]): void {
    for (const [index, tensor] of tensors.entries()) {
      if (tensor === kept[index]) continue
      const { feed: name, store } = graph.resident[index]!
      feed([tensor], name, store)
      kept[index] = tensor
    }
  }

  function feed (tensors: Tensor[], names: string, target: string): void {
    feedIds(tensors.map(tensor => idOf(native, tensor)), names, target)
  }

  function feedIds (ids: number[], names: string, target: string): void {
    const [done] = binding.runSavedModel(session, ids, names, target)
    binding.deleteTensor(done!.id)
  }

  function take ({ id }: TensorMetadata): NumericArray {
    const values = binding.tensorDataSync(id)
    binding.deleteTensor(id)
    return values
  }

  function runner (specs: readonly InputSpec[], entry: Entry): Runnable['run'] {
    return inputs => {
      checkInputs(specs, inputs)
      const ids = inputs.map((values, index) => createTensor(specs[index]!, values))
      try {
        return binding.runSavedModel(session, ids, entry.inputs, entry.outputs).map(take)
      } finally {
        for (const id of ids) binding.deleteTensor(id)
      }
    }
  }

  const [entry, ...further] = graph.entries
  return {
    inputs: specs,
    run: runner(specs, entry!),
    beside: further.map((entry, index) => runner(beside[index]!.inputs, entry)),
    read (variables, into) {
      let at = 0
      for (const value of binding.runSavedModel(session, [], '', readsOf(variables.map(variable => state.indexOf(variable))))) {
        const values = take(value)
        into.set(values, at)
        at += values.length
      }
    },
    write (from) {
      let at = 0
      const ids = state.map(({ shape, size }) => {
        at += size
        return createTensor({ type: 'float32', shape }, from.subarray(at - size, at))
      })
      try {
        feedIds(ids, graph.stateFeeds, graph.storeState)
      } finally {
        for (const id of ids) binding.deleteTensor(id)
      }
      differing = [...state.keys()]
    },
    keep,
    push () {
      if (state.length > 0) feed(state, graph.stateFeeds, graph.storeState)
    },
    pull () {
      if (differing.length === 0) return
      const values = binding.runSavedModel(session, [], '', readsOf(differing))
      for (const [index, metadata] of values.entries()) {
        const tensor = backend.createOutputTensor(metadata)
        state[differing[index]!]!.assign(tensor)
        tensor.dispose()
      }
    },
    close () {
      binding.deleteSavedModel(session)
    }
  }

  function createTensor ({ type, shape }: InputSpec, values: NumericArray): number {
    return binding.createTensor(shape, types[type], values)
  }
}

/** The binding reads graphs from a folder only; it is gone again before this returns. */
function load ({ binding }: Native, nodes: Node[]): number {
  const folder = mkdtempSync(path.join(tmpdir(), 'descent-lab-graph-'))
  try {
    writeFileSync(path.join(folder, 'saved_model.pb'), savedModel(nodes))
    return binding.loadSavedModel(folder, 'serve')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
