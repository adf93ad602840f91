/**
 * Dense networks with an output per class in Float64, and their loss over all examples: value, gradient by a hand-written
 * backward pass, and values along one parameter, for which only what that parameter moves is computed anew. For small
 * networks on some hundred examples; regression.ts has one output, and kernels for it.
 */
import { AppError } from '../../errors.js'
import type { Objective } from '../../math/objective.js'
import type { RandomStream } from '../../math/random.js'
import { sizeOf } from '../../math/arrays.js'
import { dotAt } from '../../math/vectors.js'
import { planOf, type Architecture } from '../architecture.js'
import { activationOf, type Activation } from './activations.js'
import { lossOf, type ClassLoss } from './class-losses.js'

export type { ClassLoss } from './class-losses.js'

/** Sizes and activations of the layers, the last with an output per class. */
export interface ClassifierNet { inputs: number, layers: { units: number, activation: Activation }[] }

export interface ClassifierData {
  /** [n, inputs] by rows */
  x: Float64Array
  /** class of every example, [n] */
  labels: Int32Array
}

/** theta lies as flatWeights lays it: layer by layer weight [fan-in, units] by rows, then bias [units]. */
export interface Classifier extends Objective {
  gradient (theta: Float64Array, into: Float64Array): number
  alongLine (theta: Float64Array, direction: Float64Array): (t: number) => number
  /** What the network says of every example. @returns [n, classes] by rows, a new array */
  outputs (theta: Float64Array): Float64Array
}

/**
 * Reads the network off an architecture of dense layers with biases.
 * @throws AppError invalid_spec when another layer or an activation that is not known here is among them
 */
export function classifierNetOf ({ inputShape, layers }: Architecture): ClassifierNet {
  return {
    inputs: sizeOf(inputShape),
    layers: layers.filter(({ type }) => type !== 'flatten').map(layer => {
      if (layer.type !== 'dense' || layer.bias === false) throw new AppError('invalid_spec', `layers must be dense with a bias in Float64, got ${layer.type}`)
      const { units, activation } = layer
      if (activation === 'sin') throw new AppError('invalid_spec', 'activation must be linear, relu, tanh or sigmoid in Float64, got sin')
      return { units, activation }
    })
  }
}

/** The first weights that the network of an architecture has, as float32 numbers: the stream's next, in the order of the layers. */
export function drawWeights (architecture: Architecture, stream: RandomStream): Float64Array {
  return Float64Array.from(planOf(architecture).flatMap(({ parameters }) =>
    parameters.flatMap(({ shape, initial }) => Array.from(initial(sizeOf(shape), stream)))))
}

interface DenseLayer { fanIn: number, units: number, weight: number, bias: number, activation: Activation }

/**
 * Makes the objective.
 * Within, a layer's numbers lie unit by unit, [units, n]: each row is what one unit says of all examples.
 */
export function createClassifier (net: ClassifierNet, { x, labels }: ClassifierData, loss: ClassLoss): Classifier {
  const count = labels.length
  const { layers, size } = placeLayers(net)
  const depth = layers.length
  const input = toRows(x, count, net.inputs)
  const rowsOf = () => layers.map(({ units }) => new Float64Array(units * count))
  const [acts, deltas, kept, moved] = [rowsOf(), rowsOf(), rowsOf(), rowsOf()]
  const losses = lossOf(loss, labels, layers.at(-1)!.units)
  /** which line the kept rows belong to */
  let owner: object | undefined

  const below = (rows: Float64Array[], l: number) => l === 0 ? input : rows[l - 1]!

  /** z = W' a + b of one unit, before its activation. */
  function sumUnit (theta: Float64Array, l: number, unit: number, a: Float64Array, into: Float64Array): void {
    const { fanIn, units, weight, bias } = layers[l]!
    const at = unit * count
    into.fill(theta[bias + unit]!, at, at + count)
    for (let i = 0; i < fanIn; i++) addRow(into, at, theta[weight + i * units + unit]!, a, i * count, count)
  }

  /** Fills the rows of the layers from l on. */
  function forward (theta: Float64Array, rows: Float64Array[], l: number): void {
    for (; l < depth; l++) {
      const { units, activation } = layers[l]!
      for (let unit = 0; unit < units; unit++) sumUnit(theta, l, unit, below(rows, l), rows[l]!)
      activationOf[activation].apply(rows[l]!, 0, rows[l]!.length)
    }
  }

  function value (theta: Float64Array): number {
    forward(theta, acts, 0)
    return losses.value(acts.at(-1)!)
  }

  function gradient (theta: Float64Array, into: Float64Array): number {
    forward(theta, acts, 0)
    const result = losses.gradient(acts.at(-1)!, deltas.at(-1)!)
    for (let l = depth - 1; l >= 0; l--) {
      const { fanIn, units, weight, bias, activation } = layers[l]!
      const delta = deltas[l]!
      const a = below(acts, l)
      activationOf[activation].back(acts[l]!, delta)
      for (let unit = 0; unit < units; unit++) {
        into[bias + unit] = sumOf(delta, unit * count, count)
        for (let i = 0; i < fanIn; i++) into[weight + i * units + unit] = dotAt(a, i * count, delta, unit * count, count)
      }
      if (l === 0) break
      const lower = deltas[l - 1]!.fill(0)
      for (let i = 0; i < fanIn; i++) {
        for (let unit = 0; unit < units; unit++) addRow(lower, i * count, theta[weight + i * units + unit]!, delta, unit * count, count)
      }
    }
    return result
  }

  /**
   * Values as one parameter moves by t * step: its unit's sums move along one row of the layer below; the sums of the
   * layer above move along what became of the unit; only from there on everything is computed.
   */
  function alongAxis (theta: Float64Array, parameter: number, step: number): (t: number) => number {
    const l = layers.findLastIndex(({ weight }) => weight <= parameter)
    const { units, weight, bias, activation } = layers[l]!
    const unit = parameter >= bias ? parameter - bias : (parameter - weight) % units
    const row = parameter >= bias ? undefined : Math.floor((parameter - weight) / units)
    const at = unit * count
    const sums = new Float64Array(count)
    const self = {}

    function prepare (): void {
      owner = self
      forward(theta, kept, 0)
      const own = kept[l]!.slice(at, at + count)
      sumUnit(theta, l, unit, below(kept, l), kept[l]!)
      sums.set(kept[l]!.subarray(at, at + count))
      kept[l]!.set(own, at)
      if (l + 1 === depth) return
      for (let up = 0; up < layers[l + 1]!.units; up++) sumUnit(theta, l + 1, up, kept[l]!, kept[l + 1]!) // not yet activated
    }

    return t => {
      if (owner !== self) prepare()
      const now = moved[l]!
      if (row === undefined) for (let p = 0; p < count; p++) now[at + p] = sums[p]! + t * step
      else for (let p = 0; p < count; p++) now[at + p] = sums[p]! + t * step * below(kept, l)[row * count + p]!
      activationOf[activation].apply(now, at, count)
      if (l + 1 === depth) {
        now.set(kept[l]!.subarray(0, at))
        now.set(kept[l]!.subarray(at + count), at + count)
        return losses.value(now)
      }
      const above = layers[l + 1]!
      const next = moved[l + 1]!
      next.set(kept[l + 1]!)
      for (let p = 0; p < count; p++) now[at + p]! -= kept[l]![at + p]!
      for (let up = 0; up < above.units; up++) addRow(next, up * count, theta[above.weight + unit * above.units + up]!, now, at, count)
      activationOf[above.activation].apply(next, 0, next.length)
      forward(theta, moved, l + 2)
      return losses.value(moved.at(-1)!)
    }
  }

  return {
    size,
    value,
    gradient,
    alongLine (theta, direction) {
      const axes = Array.from(direction.keys()).filter(i => direction[i] !== 0)
      if (axes.length === 1) return alongAxis(theta, axes[0]!, direction[axes[0]!]!)
      const point = new Float64Array(size)
      return t => {
        for (let i = 0; i < size; i++) point[i] = theta[i]! + t * direction[i]!
        return value(point)
      }
    },
    outputs (theta) {
      forward(theta, acts, 0)
      return toRows(acts.at(-1)!, layers.at(-1)!.units, count)
    }
  }
}

function placeLayers (net: ClassifierNet): { layers: DenseLayer[], size: number } {
  let fanIn = net.inputs
  let size = 0
  const layers = net.layers.map(({ units, activation }) => {
    const layer = { fanIn, units, weight: size, bias: size + fanIn * units, activation }
    size += (fanIn + 1) * units
    fanIn = units
    return layer
  })
  return { layers, size }
}

/** The transpose of [rows, columns]. */
function toRows (matrix: Float64Array, rows: number, columns: number): Float64Array {
  const other = new Float64Array(matrix.length)
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) other[j * rows + i] = matrix[i * columns + j]!
  return other
}

/** into[at + p] += weight * from[start + p] */
function addRow (into: Float64Array, at: number, weight: number, from: Float64Array, start: number, count: number): void {
  for (let p = 0; p < count; p++) into[at + p]! += weight * from[start + p]!
}

function sumOf (values: Float64Array, at: number, count: number): number {
  let sum = 0
  for (let p = at; p < at + count; p++) sum += values[p]!
  return sum
}
