/**
 * What is measured of a network on a data set: its outputs on all examples against the one-hot classes, split into low
 * and high frequencies by filters, and along the first principal direction of the inputs.
 */
import { sizeOf } from '../../../math/arrays.js'
import type { Examples } from '../../../tensor/batches.js'
import type { Engine } from '../../../tensor/engine.js'
import { allOf, createPass } from '../../../tensor/forward.js'
import type { Network } from '../../../tensor/network.js'
import { createFilterProbe, createProjectionProbe, type SpectralError, type SpectrumPoint } from '../../kit/spectrum/index.js'
import type { DataTarget } from './spec.js'
import type { ResultBand } from '../result.js'

/** Examples that the network reads at once; as evaluate() does. */
const passBatch = 250

export interface DataMeasure {
  /** of all methods, each with a key of its own; within a group (a filter's width, the projection) ascending by frequency */
  readonly bands: ResultBand[]
  /** the classes, one-hot, [n, classes] */
  readonly goal: Float64Array
  /** @param outputs [n, classes] @returns relative error per band */
  measure (outputs: Float64Array): Float64Array
  /** Looks at the network as it is. @returns outputs [n, classes]: raw for squared loss, probabilities for cross-entropy */
  look (): { outputs: Float64Array, loss: number, accuracy: number }
  /** Spectrum of the projection; of the filters' parts where there is none. */
  spectrum (outputs: Float64Array): SpectrumPoint[]
}

export interface MeasureOptions {
  target: DataTarget
  classes: number
  /** of the projection; frequencies are octaves when left out */
  spectrum: { error: SpectralError, frequencies?: number[], bins: number }
}

/** Makes the measure of a network. @throws AppError invalid_spec when the data have no such bands */
export function createDataMeasure (engine: Engine, network: Network, examples: Examples, options: MeasureOptions): DataMeasure {
  const { target: { methods, widths, loss }, classes, spectrum } = options
  const { count } = examples.data
  const labels = examples.target as Int32Array
  const inputs = preprocessed(examples)
  const goal = oneHot(labels, count, classes)
  const filter = methods.includes('filter') ? createFilterProbe(inputs, goal, { widths, outputs: classes }) : undefined
  const frequencies = spectrum.frequencies ?? octaves(spectrum.bins)
  const projection = methods.includes('projection')
    ? createProjectionProbe(inputs, goal, { ...spectrum, count, outputs: classes, frequencies })
    : undefined
  const probes = [filter, projection].filter(probe => probe !== undefined)
  const pass = createPass(engine, network, passBatch, ({ x }) => [network.forward(x)])

  return {
    bands: [
      ...(filter?.bands ?? []).map(band => ({ ...band, group: `filter ${band.key.replace(/^\S+ /, '')}` })), // 'low 0.1'
      ...(projection?.bands ?? []).map(band => ({ ...band, label: `projection ${band.label}`, group: 'projection' }))
    ],
    goal,
    measure: outputs => Float64Array.from(probes.flatMap(probe => Array.from(probe.measure(outputs)))),
    look () {
      const outputs = new Float64Array(count * classes)
      pass.run(examples, allOf(count), ([batch], at) => { outputs.set(batch!, at * classes) })
      return loss === 'squared' ? judgeSquared(outputs, goal, labels) : judgeProbabilities(outputs, labels, classes)
    },
    spectrum: outputs => (projection ?? filter!).spectrum(outputs)
  }
}

/**
 * 1, 2, 4, … below `bins`. Not the peaks: along a projection the spectrum of classes falls from frequency 0 on without
 * peaks, and those of its tail are noise of the sample.
 */
function octaves (bins: number): number[] {
  return Array.from({ length: Math.ceil(Math.log2(bins)) }, (_, k) => 2 ** k)
}

/** Inputs as the network sees them, [n, features], in Float64. */
function preprocessed ({ data: { inputs, count }, inputShape, preprocessing: { offset, scale } }: Examples): Float64Array {
  return Float64Array.from(inputs.subarray(0, count * sizeOf(inputShape)), value => (value - offset) * scale)
}

function oneHot (labels: Int32Array, count: number, classes: number): Float64Array {
  const vectors = new Float64Array(count * classes)
  for (let i = 0; i < count; i++) vectors[i * classes + labels[i]!] = 1
  return vectors
}

interface Judged { outputs: Float64Array, loss: number, accuracy: number }

function judgeSquared (outputs: Float64Array, goal: Float64Array, labels: Int32Array): Judged {
  const loss = outputs.reduce((sum, output, i) => sum + (output - goal[i]!) ** 2, 0) / outputs.length
  return { outputs, loss, accuracy: accuracyOf(outputs, labels, outputs.length / labels.length) }
}

/** Turns logits into probabilities, in place. */
function judgeProbabilities (outputs: Float64Array, labels: Int32Array, classes: number): Judged {
  let sum = 0
  for (let i = 0; i < labels.length; i++) {
    const row = outputs.subarray(i * classes, (i + 1) * classes)
    const largest = row.reduce((a, b) => Math.max(a, b))
    const total = row.reduce((powers, logit) => powers + Math.exp(logit - largest), 0)
    sum += Math.log(total) + largest - row[labels[i]!]!
    row.forEach((logit, k) => { row[k] = Math.exp(logit - largest) / total })
  }
  return { outputs, loss: sum / labels.length, accuracy: accuracyOf(outputs, labels, classes) }
}

function accuracyOf (outputs: Float64Array, labels: Int32Array, classes: number): number {
  let right = 0
  for (let i = 0; i < labels.length; i++) {
    const row = outputs.subarray(i * classes, (i + 1) * classes)
    if (row.indexOf(Math.max(...row)) === labels[i]) right++
  }
  return right / labels.length
}
