/**
 * What every pixel of a training picture adds to its score. Where nothing but linear layers follow the last one with weights, the
 * outputs z are linear in its weights W: let Q, the query's gradient, stand in their place. Then by the chain rule
 *
 *   <g(picture), Q> = sum over pixels p of <delta_p, z_p(Q)>,   delta_p = dl / dz_p at the checkpoint's own weights,
 *
 * and delta_p is S_p - onehot(label_p) over the number of labelled pixels, for each map that was learned, times its weight.
 */
import type { FieldArray } from '../../datasets/dataset.js'
import { UNLABELLED } from '../../datasets/unlabelled.js'
import { sizeOf } from '../../math/arrays.js'
import { softmax } from '../../math/softmax.js'
import { planOf, type Architecture } from '../../tensor/architecture.js'
import type { Engine } from '../../tensor/engine.js'
import { LABELLING, LABELLING_WEIGHT } from '../../tensor/losses.js'
import { outputsOf, type ModelCheckpoint } from '../bundle.js'
import { preprocessRows, type OpenModel } from '../open-model.js'
import { refuse } from '../refusals.js'

/** A query's gradient by the last layer, times what its checkpoint counts. */
export interface Pull { checkpoint: ModelCheckpoint, row: Float64Array }

/** Layers without weights whose outputs are linear in their first input. */
const linear = ['resize-bilinear', 'average-pool']

/** @throws invalid_input where outputs are not linear in the weights of the last layer that has some */
export function checkLinear (architecture: Architecture, path: string): void {
  const plan = planOf(architecture)
  const last = plan.findLast(({ parameters }) => parameters.some(({ role }) => role === 'trainable'))!
  const isLinear = plan.slice(last.index + 1).every(({ layer: { type }, sources }) => linear.includes(type) && sources[0]! >= last.index)
  const activation = 'activation' in last.layer ? last.layer.activation ?? 'linear' : 'linear'
  if (!isLinear || activation !== 'linear') refuse(path, `must be none for a model in which ${last.path}, the last with weights, is followed by more than linear layers`, 'regions')
}

/**
 * Scores of pixels, summed over checkpoints.
 * @param layer    position of the last layer with weights
 * @param indices  of pictures in the training split
 * @returns        [indices, height · width], in Float64
 */
export function pixelScores (
  engine: Engine, model: OpenModel, { layer, pulls, indices }: { layer: number, pulls: readonly Pull[], indices: Int32Array }
): Float64Array {
  const { shape: [height, width, classes] } = outputsOf(model.bundle)
  const size = height! * width!
  const scores = new Float64Array(indices.length * size)
  for (const { checkpoint, row } of pulls) {
    const { target, further } = model.examplesAt(checkpoint)
    const unit = row.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1 // float32 holds no square of 1e-30
    const shares = toShares(outputsAt(engine, model, checkpoint, indices), classes!)
    const moved = outputsAt(engine, model, withLast(checkpoint, layer, row.map(value => value / unit)), indices)
    const { [LABELLING]: labelling, [LABELLING_WEIGHT]: weights } = further ?? {}
    const maps = [{ map: target, weightOf: (_: number) => 1 }]
    if (labelling !== undefined) maps.push({ map: labelling, weightOf: i => weights![i]! })
    indices.forEach((index, i) => {
      for (const { map, weightOf } of maps) {
        const labels = map.subarray(index * size, (index + 1) * size)
        const scale = weightOf(index) * unit / Math.max(1, countLabelled(labels))
        addScores(scores.subarray(i * size, (i + 1) * size), labels, { from: i * size * classes!, classes: classes!, shares, moved, scale })
      }
    })
  }
  return scores
}

function addScores (
  into: Float64Array, labels: FieldArray,
  { from, classes, shares, moved, scale }: { from: number, classes: number, shares: Float64Array, moved: Float32Array, scale: number }
): void {
  for (let p = 0; p < into.length; p++) {
    if (labels[p] === UNLABELLED) continue
    const at = from + p * classes
    let sum = -moved[at + labels[p]!]!
    for (let k = 0; k < classes; k++) sum += shares[at + k]! * moved[at + k]!
    into[p]! += scale * sum
  }
}

function countLabelled (labels: FieldArray): number {
  let count = 0
  for (const label of labels) count += Number(label !== UNLABELLED)
  return count
}

/** The checkpoint with other numbers for the last layer: its weight in its order, then its bias. */
function withLast (checkpoint: ModelCheckpoint, layer: number, row: Float64Array): ModelCheckpoint {
  let at = 0
  const arrays = { ...checkpoint.arrays }
  for (const name of ['weight', 'bias'].map(name => `layer${layer}.${name}`)) {
    if (arrays[name] === undefined) continue
    const { shape } = arrays[name]
    arrays[name] = { shape, data: Float32Array.from(row.subarray(at, at + sizeOf(shape))) }
    at += sizeOf(shape)
  }
  return { ...checkpoint, arrays }
}

/** Numbers of outputs that the device makes at once. */
const batchOutputs = 2 ** 22

/** [indices, height, width, classes] */
function outputsAt (engine: Engine, model: OpenModel, checkpoint: ModelCheckpoint, indices: Int32Array): Float32Array {
  const { tf } = engine
  const { inputShape, shape } = outputsOf(model.bundle)
  const { data: { inputs }, preprocessing } = model.examplesAt(checkpoint)
  const network = model.networkAt(checkpoint)
  const [width, size] = [sizeOf(inputShape), sizeOf(shape)]
  const outputs = new Float32Array(indices.length * size)
  const batch = Math.max(1, Math.floor(batchOutputs / size))
  for (let from = 0; from < indices.length; from += batch) {
    const some = indices.subarray(from, from + batch)
    const part = tf.tidy(() => network.logits(tf.tensor(preprocessRows(inputs, width, some, preprocessing), [some.length, ...inputShape])))
    outputs.set(part.dataSync<'float32'>(), from * size)
    part.dispose()
  }
  return outputs
}

function toShares (logits: Float32Array, classes: number): Float64Array {
  const shares = new Float64Array(logits.length)
  for (let from = 0; from < logits.length; from += classes) shares.set(softmax(logits.subarray(from, from + classes)), from)
  return shares
}
