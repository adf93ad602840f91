/**
 * What the responder keeps of a stored model between questions: one network whose weights are put in as checkpoints
 * are asked for, the training view spelt out, and the index's factors where the engine computes.
 */
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { sizeOf, type NamedArrays } from '../math/arrays.js'
import type { FieldArray, Scale } from '../datasets/dataset.js'
import { UNLABELLED } from '../datasets/unlabelled.js'
import { perNumber, scaleTargets, seenNumber } from '../datasets/scaling.js'
import type { RandomStream } from '../math/random.js'
import type { Examples } from '../tensor/batches.js'
import type { Engine } from '../tensor/engine.js'
import { LABELLING, LABELLING_WEIGHT } from '../tensor/losses.js'
import { createNetwork, type Network } from '../tensor/network.js'
import { outputsOf, partOf, trainedOn, type ModelBundle, type ModelCheckpoint } from './bundle.js'
import { coverageOf } from './coverage.js'
import type { Layers } from './schemas.js'
import type { DenseFactors } from './scoring.js'
import { openView, type ViewExamples } from './view.js'

/** Factors of one dense layer, in memory and on the device. */
export interface ResidentFactors {
  /** position of the layer in the architecture */
  layer: number
  factors: DenseFactors
  /** [examples, fanIn] */
  activations: Tensor2D
  /** [examples, fanOut] */
  deltas: Tensor2D
}

export interface OpenModel {
  readonly bundle: ModelBundle
  readonly view: ViewExamples
  /** The training split with what the model learned of it at a checkpoint, as the network sees them. */
  examplesAt (checkpoint: ModelCheckpoint): Examples
  /** The network with a checkpoint's weights. Valid until the next call. */
  networkAt (checkpoint: ModelCheckpoint): Network
  /** An index part layer by layer, for networks whose gradients are outer products. @throws index_missing */
  residentFactors (layers: Layers, step: number): ResidentFactors[]
  close (): void
}

/** Opens a stored model; costs nothing until something is asked of it. */
export function openModel (engine: Engine, bundle: ModelBundle): OpenModel {
  const { tf } = engine
  let network: Network | undefined
  let loaded: ModelCheckpoint | undefined
  let view: ViewExamples | undefined
  let target: FieldArray | undefined
  let inputs: { values: Float32Array, tensor: Tensor2D } | undefined
  const resident = new Map<string, ResidentFactors[]>()

  function viewOf (): ViewExamples {
    if (view === undefined) {
      const { trainingView, dataset } = trainedOn(bundle)
      view = openView(trainingView, dataset)
    }
    return view
  }

  function targetOf (): FieldArray {
    target ??= scaleTargets(viewOf().target, bundle.preprocessing)
    return target
  }

  function inputsOfView () {
    if (!inputs) {
      const width = sizeOf(outputsOf(bundle).inputShape)
      const values = preprocessRows(trainedOn(bundle).dataset.train.arrays.inputs!, width, viewOf().indices, bundle.preprocessing)
      inputs = { values, tensor: tf.tensor2d(values, [viewOf().indices.length, width]) }
    }
    return inputs
  }

  function load (layers: Layers, step: number): ResidentFactors[] {
    const covered = coverageOf(bundle.architecture, layers)
    return splitByLayer(partOf(bundle, layers, step), () => inputsOfView().values).map((factors, i) => ({
      layer: covered[i]!.layer,
      factors,
      activations: factors.activations === inputs?.values
        ? inputs.tensor
        : tf.tensor2d(factors.activations as Float32Array, [viewOf().indices.length, factors.fanIn]),
      deltas: tf.tensor2d(factors.deltas as Float32Array, [viewOf().indices.length, factors.fanOut])
    }))
  }

  return {
    bundle,
    get view () { return viewOf() },
    examplesAt ({ targets }) {
      const { dataset: { train: { count, arrays } }, trainingView: { labelling } } = trainedOn(bundle)
      return {
        data: { inputs: arrays.inputs!, count },
        inputShape: outputsOf(bundle).inputShape,
        preprocessing: bundle.preprocessing,
        target: targetOf(),
        ...(labelling && targets ? { further: labellingOf(targets, count, labelling.weight) } : {})
      }
    },
    networkAt (checkpoint) {
      network ??= createNetwork(engine, bundle.architecture, zeros)
      if (loaded !== checkpoint) network.load(checkpoint.arrays)
      loaded = checkpoint
      return network
    },
    residentFactors (layers, step) {
      const key = `${layers} ${step}`
      const known = resident.get(key)
      if (known) return known
      const fresh = load(layers, step)
      resident.set(key, fresh)
      return fresh
    },
    close () {
      for (const { activations, deltas } of [...resident.values()].flat()) {
        if (activations !== inputs?.tensor) activations.dispose()
        deltas.dispose()
      }
      inputs?.tensor.dispose()
      network?.dispose()
    }
  }
}

/**
 * Reads the arrays of an index part as layers: `activations` and `deltas`, or `layer<k>.…` in the order of the layers.
 * @param inputs the network's own inputs, which parts leave out
 */
export function splitByLayer (arrays: NamedArrays, inputs: () => Float32Array): DenseFactors[] {
  const names = Object.keys(arrays).filter(name => name.endsWith('deltas'))
  const layerOf = (name: string) => Number(/^layer(\d+)/.exec(name)?.[1] ?? 0)
  return names.sort((a, b) => layerOf(a) - layerOf(b)).map(name => {
    const deltas = arrays[name]!
    const activations = arrays[name.replace(/deltas$/, 'activations')]?.data ?? inputs()
    return { activations, deltas: deltas.data, fanIn: activations.length / deltas.shape[0]!, fanOut: deltas.shape[1]! }
  })
}

/** A checkpoint's labelling of the first examples of a split, as the loss reads it: the others have none. */
function labellingOf ({ labelling }: NamedArrays, count: number, weight: number): NonNullable<Examples['further']> {
  const [, width] = labelling!.shape as [number, number]
  const all = new Uint8Array(count * width).fill(UNLABELLED)
  all.set(labelling!.data)
  return { [LABELLING]: all, [LABELLING_WEIGHT]: new Float32Array(count).fill(weight) }
}

/** Rows of inputs as the network sees them, with the roundings of float32 that the device makes. */
export function preprocessRows (
  inputs: FieldArray, width: number, rows: Int32Array, scale: Scale
): Float32Array {
  const values = new Float32Array(rows.length * width)
  const numbers = perNumber(scale, width)
  rows.forEach((row, i) => {
    for (let k = 0; k < width; k++) values[i * width + k] = seenNumber(inputs[row * width + k]!, numbers, k)
  })
  return values
}

/** Weights that are overwritten before they are used need no random numbers. */
const zeros: RandomStream = {
  uniform: () => 0.5, normal: () => 0, integer: () => 0, permutation: count => new Uint32Array(count)
}
