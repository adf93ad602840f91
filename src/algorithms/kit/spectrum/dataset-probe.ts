/**
 * Measures what a classifier says of examples against their one-hot labels: by the filter over the inputs, by the
 * projection, or by both. openDatasetProbe() does it beside a training at log-spaced steps: a kind asks observe() after
 * every step and keeps `history` in its snapshots.
 */
import { perNumber } from '../../../datasets/scaling.js'
import type { Examples } from '../../../tensor/batches.js'
import type { RunEvent } from '../../contract.js'
import { createFilterProbe } from './filter.js'
import { drawHeatMap } from './heat-map.js'
import { emptyHistory, firstPassage, isDue, learningOrder, type SpectralHistory } from './history.js'
import { columnMeans } from './nulls.js'
import type { Band, Probe, SpectralError, SpectrumPoint } from './probe.js'
import { createProjectionProbe } from './projection.js'
import type { FrequencyProbeSpec, ProbeResult } from './spec.js'

export interface LabelProbeOptions {
  methods: readonly ('filter' | 'projection')[]
  /** of the filter, see filter.ts */
  widths: number[]
  /** of the projection, see projection.ts; the peaks of the labels' spectrum when left out */
  frequencies?: number[]
  bins?: number
  error: SpectralError
  classes: number
}

export interface LabelBand extends Band {
  method: 'filter' | 'projection'
  /** relative error of a predictor that says of every example how frequent the classes are: what knowing nothing is worth */
  constant: number
}

/** A probe of several methods; within each its bands ascend by frequency. */
export interface LabelProbe {
  /** method by method, each band with a key of its own */
  readonly bands: LabelBand[]
  /** one-hot labels of the examples measured, [n, classes] by rows: what a perfect classifier would say */
  readonly target: Float64Array
  /** @param outputs [n, classes] by rows @returns relative error per band */
  measure (outputs: Float64Array): Float64Array
  /** Of the projection; of the filter's parts where there is none. */
  spectrum (outputs: Float64Array): SpectrumPoint[]
}

/**
 * Makes the probe of some examples.
 * @param examples training examples with the labels that the network learns
 * @param indices  those that are measured, by position in the data
 * @throws AppError unmeasurable when the data do not have what is to be measured: see filter.ts, projection.ts
 */
export function createLabelProbe (examples: Examples, indices: Int32Array, options: LabelProbeOptions): LabelProbe {
  const { methods, widths, frequencies, bins, error, classes: outputs } = options
  const inputs = inputsOf(examples, indices)
  const target = oneHot(Int32Array.from(indices, index => examples.target[index]!), outputs)
  const make = (method: LabelProbeOptions['methods'][number]): Probe => {
    if (method === 'filter') return createFilterProbe(inputs, target, { widths, outputs })
    const wanted = { ...(frequencies ? { frequencies } : {}), ...(bins === undefined ? {} : { bins }) }
    return createProjectionProbe(inputs, target, { count: indices.length, outputs, error, ...wanted })
  }
  const probes = methods.map(method => ({ method, probe: make(method) }))
  const priors = columnMeans(target, outputs)
  const constant = target.map((_, i) => priors[i % outputs]!)
  return {
    bands: probes.flatMap(({ method, probe }) => {
      const errors = probe.measure(constant)
      return probe.bands.map((band, i) => ({ ...band, method, constant: errors[i]! }))
    }),
    target,
    measure: values => Float64Array.from(probes.flatMap(({ probe }) => Array.from(probe.measure(values)))),
    spectrum: values => (probes.find(({ method }) => method === 'projection') ?? probes[0]!).probe.spectrum(values)
  }
}

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
   * Measures when the step is due or the last. @param step completed steps
   * @param evaluate says what the network makes of these examples (positions in the data)
   * @returns what is to be emitted: errors per band; now and then, and at the last step, the artifact `heat-map`
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
 * @param examples training examples with the labels that the network learns
 * @param earlier  history of the interrupted run that goes on
 * @throws AppError unmeasurable when the data do not have what is to be measured: see filter.ts, projection.ts
 */
export function openDatasetProbe (
  spec: FrequencyProbeSpec, examples: Examples, classes: number, earlier: SpectralHistory = emptyHistory()
): DatasetProbe {
  const history = structuredClone(earlier)
  const { recordsPerDecade, threshold, methods, widths, frequencies, error } = spec
  const indices = spread(examples.data.count, spec.examples)
  const probe = createLabelProbe(examples, indices, {
    methods, widths, error, classes, ...(frequencies.length > 0 ? { frequencies } : {})
  })
  const { bands } = probe
  const count = indices.length
  const recordsPerPicture = Math.ceil(recordsPerDecade / 2)

  return {
    history,
    observe (step, isLast, evaluate) {
      if (!isLast && !isDue(step, recordsPerDecade)) return []
      const { losses, probabilities } = evaluate(indices)
      const errors = Array.from(probe.measure(Float64Array.from(probabilities!)))
      history.steps.push(step)
      history.evaluations.push(step)
      history.losses.push(Array.from(losses).reduce((sum, loss) => sum + loss, 0) / count)
      history.errors.push(errors)
      const values = Object.fromEntries(bands.map(({ key }, band) => [`spectralError/${key}`, errors[band]!]))
      const emitted: RunEvent[] = [{ type: 'metrics', step, values }]
      if (isLast || history.steps.length % recordsPerPicture === 0) {
        emitted.push({ type: 'artifact', name: 'heat-map', step, mediaType: 'image/png', bytes: drawHeatMap(bands, history) })
      }
      return emitted
    },
    conclude () {
      return {
        examples: count,
        threshold,
        methods: methods.map(method => {
          const members = bands.flatMap((band, i) => band.method === method ? [i] : [])
          const own = members.map(i => bands[i]!)
          const passages = members.map(i => firstPassage(history, i, threshold))
          const { tau, pairs } = learningOrder(own, passages)
          return {
            method,
            bands: own.map(({ key, frequency, amplitude, shuffled, isNoise, constant }, band) => ({
              key,
              frequency,
              amplitude,
              shuffled: shuffled!.high,
              isNoise: isNoise!,
              constant,
              error: history.errors.at(-1)![members[band]!]!,
              learned: passages[band]?.step ?? null
            })),
            kendallTau: tau,
            pairs
          }
        })
      }
    }
  }
}

/** At most `max` positions of 0 .. count - 1, evenly spread, ascending. */
function spread (count: number, max: number): Int32Array {
  const length = Math.min(count, max)
  return Int32Array.from({ length }, (_, i) => Math.floor(i * count / length))
}

/** Inputs as the network sees them, [n, d] by rows. */
function inputsOf ({ data, preprocessing }: Examples, indices: Int32Array): Float64Array {
  const dimension = data.inputs.length / data.count
  const { offsets, scales } = perNumber(preprocessing, dimension)
  const inputs = new Float64Array(indices.length * dimension)
  indices.forEach((index, i) => {
    for (let k = 0; k < dimension; k++) inputs[i * dimension + k] = (data.inputs[index * dimension + k]! - offsets[k]!) * scales[k]!
  })
  return inputs
}

/** [n, classes] by rows. */
export function oneHot (labels: Int32Array, classes: number): Float64Array {
  const target = new Float64Array(labels.length * classes)
  labels.forEach((label, i) => { target[i * classes + label] = 1 })
  return target
}
