/**
 * Runs the frequency probe beside the training of a classifier: predicted probabilities against one-hot labels on some
 * training examples, at log-spaced steps. A kind asks observe() after every step and keeps `history` in its snapshots.
 */
import type { Examples } from '../../../tensor/batches.js'
import type { RunEvent } from '../../contract.js'
import { createFilterProbe } from './filter.js'
import { drawHeatMap } from './heat-map.js'
import { emptyHistory, isDue, learningOrder, type SpectralHistory } from './history.js'
import type { Probe } from './probe.js'
import { createProjectionProbe } from './projection.js'
import type { FrequencyProbeSpec, ProbeResult } from './spec.js'

/** What a network says of the examples measured, in their order. */
export interface Measured {
  /** [n] */
  losses: ArrayLike<number>
  /** [n, classes] by rows */
  probabilities?: ArrayLike<number>
}

export interface DatasetProbe {
  /** what was measured so far; JSON, to be kept in snapshots; one evaluation is one gradient of a batch */
  readonly history: SpectralHistory
  /**
   * Measures when the step is due or the last. @param step steps behind
   * @param evaluate says what the network makes of these examples (positions in the data)
   * @returns what is to be told: errors per band; now and then, and at the last step, the artifact `heat-map`
   */
  observe (step: number, isLast: boolean, evaluate: (indices: Int32Array) => Measured): RunEvent[]
  conclude (): ProbeResult
}

/** Bytes that a probe keeps: its kernels. */
export function probeBytes ({ methods, widths, examples }: FrequencyProbeSpec): number {
  return methods.includes('filter') ? 8 * examples ** 2 * (widths.length + 1) : 8 * examples
}

/**
 * Opens the probe.
 * @param examples training examples with the labels that the network is told
 * @param earlier  history of the interrupted run that goes on
 * @throws AppError unmeasurable when the data do not have what is to be measured: see filter.ts, projection.ts
 */
export function openDatasetProbe (
  spec: FrequencyProbeSpec, examples: Examples, classes: number, earlier: SpectralHistory = emptyHistory()
): DatasetProbe {
  const history = structuredClone(earlier)
  const { recordsPerDecade, threshold } = spec
  const indices = spread(examples.data.count, spec.examples)
  const inputs = inputsOf(examples, indices)
  const target = oneHot(Int32Array.from(indices, index => examples.target[index]!), classes)
  const count = indices.length
  const make = (method: FrequencyProbeSpec['methods'][number]): Probe => {
    if (method === 'filter') return createFilterProbe(inputs, target, { widths: spec.widths, outputs: classes })
    const given = spec.frequencies.length > 0 ? { frequencies: spec.frequencies } : {}
    return createProjectionProbe(inputs, target, { count, outputs: classes, error: spec.error, ...given })
  }
  const probes = spec.methods.map(method => ({ method, probe: make(method) }))
  const bands = probes.flatMap(({ probe }) => probe.bands)
  const recordsPerPicture = Math.ceil(recordsPerDecade / 2)

  return {
    history,
    observe (step, isLast, evaluate) {
      if (!isLast && !isDue(step, recordsPerDecade)) return []
      const { losses, probabilities } = evaluate(indices)
      const outputs = Float64Array.from(probabilities!)
      const errors = probes.flatMap(({ probe }) => Array.from(probe.measure(outputs)))
      history.steps.push(step)
      history.evaluations.push(step)
      history.losses.push(Array.from(losses).reduce((sum, loss) => sum + loss, 0) / count)
      history.errors.push(errors)
      const values = Object.fromEntries(bands.map(({ key }, band) => [`spectralError/${key}`, errors[band]!]))
      const told: RunEvent[] = [{ type: 'metrics', step, values }]
      if (isLast || history.steps.length % recordsPerPicture === 0) {
        told.push({ type: 'artifact', name: 'heat-map', step, mediaType: 'image/png', bytes: drawHeatMap(bands, history) })
      }
      return told
    },
    conclude () {
      let from = 0
      return {
        examples: count,
        threshold,
        methods: probes.map(({ method, probe: { bands } }) => {
          const errors = history.errors.map(record => record.slice(from, from + bands.length))
          from += bands.length
          const { passages, tau } = learningOrder(bands, { ...history, errors }, threshold)
          return {
            method,
            bands: bands.map(({ key, frequency, amplitude }, band) => (
              { key, frequency, amplitude, error: errors.at(-1)![band]!, learned: passages[band]?.step ?? null }
            )),
            kendallTau: tau
          }
        })
      }
    }
  }
}

/** At most `most` positions of 0 .. count - 1, evenly spread, ascending. */
function spread (count: number, most: number): Int32Array {
  const length = Math.min(count, most)
  return Int32Array.from({ length }, (_, i) => Math.floor(i * count / length))
}

/** Inputs as the network sees them, [n, d] by rows. */
function inputsOf ({ data, preprocessing: { offset, scale } }: Examples, indices: Int32Array): Float64Array {
  const dimension = data.inputs.length / data.count
  const inputs = new Float64Array(indices.length * dimension)
  indices.forEach((index, i) => {
    for (let k = 0; k < dimension; k++) inputs[i * dimension + k] = (data.inputs[index * dimension + k]! - offset) * scale
  })
  return inputs
}

/** [n, classes] by rows. */
export function oneHot (labels: Int32Array, classes: number): Float64Array {
  const target = new Float64Array(labels.length * classes)
  labels.forEach((label, i) => { target[i * classes + label] = 1 })
  return target
}
