/**
 * Measures outputs at log-spaced steps and emits what was measured: metrics, the growing heat map, and in the end the
 * moments at which fit and spectrum are shown.
 */
import type { NamedArrays } from '../../math/arrays.js'
import type { RunEvent } from '../contract.js'
import { drawHeatMap, emptyHistory, isDue, type Probe, type SpectralHistory } from '../kit/spectrum/index.js'
import type { ResultBand, Snapshot } from './result.js'

/** Pictures of the heat map per run, the last one included. */
const heatMaps = 10
/** Moments that a result shows. */
const maxMoments = 8
/** Errors above this, or none at all after a division by what overflowed, count as this: they travel as JSON. */
const maxError = 1e9

export interface RecorderOptions {
  bands: readonly ResultBand[]
  measure: Probe['measure']
  spectrum: Probe['spectrum']
  threshold: number
  perDecade: number
  /** steps that are recorded whether due or not, and shown */
  moments: readonly number[]
  /** budget of steps: paces the heat maps */
  steps: number
  /** false: snapshots have spectra only */
  keepsFits: boolean
  resume: RecorderState | undefined
}

/** Where the optimizer is. */
export interface Point { step: number, evaluations: number, loss: number }

/** Goes on from here. */
export interface RecorderState { history: SpectralHistory, kept: KeptPoint[], arrays: NamedArrays }

/** A record whose outputs are kept. */
interface KeptPoint { step: number, loss: number }

export interface Recorder {
  readonly history: SpectralHistory
  /** Whether the outputs at this step are wanted. */
  isDue (step: number): boolean
  /**
   * Measures.
   * @param outputs of the model at the probe's inputs, copied
   * @param extra   further metrics; those that are missing or not finite are left out
   */
  record (point: Point, outputs: Float64Array, extra: Record<string, number | undefined>): RunEvent[]
  /** The last heat map, unless the last record drew it. */
  finish (): RunEvent[]
  /** Start, bands learned, asked for, end; powers of ten where these are few. */
  snapshots (): Snapshot[]
  save (): RecorderState
}

/** Starts the records of a run, or goes on with them. */
export function createRecorder (options: RecorderOptions): Recorder {
  const { bands, threshold, perDecade, moments, resume } = options
  const history = resume ? structuredClone(resume.history) : emptyHistory()
  const kept = new Map<number, { loss: number, outputs: Float64Array }>(resume?.kept.map(({ step, loss }) =>
    [step, { loss, outputs: resume.arrays[`outputs/${step}`]!.data as Float64Array }]))
  const perPicture = Math.ceil(countDue(options.steps, perDecade) / heatMaps)
  const wanted = new Set(moments)
  const isOneGroup = bands.every(({ group }) => group === bands[0]!.group)

  function record ({ step, evaluations, loss }: Point, outputs: Float64Array, extra: Record<string, number | undefined>): RunEvent[] {
    const errors = Array.from(options.measure(outputs), error => error < maxError ? error : maxError)
    history.steps.push(step)
    history.evaluations.push(evaluations)
    history.losses.push(loss)
    history.errors.push(errors)
    kept.set(step, { loss, outputs: outputs.slice() })
    const needed = new Set([0, step, ...learnedSteps().values(), ...moments, ...history.steps.filter(isPowerOfTen)])
    for (const other of kept.keys()) if (!needed.has(other)) kept.delete(other)

    const spectral = bands.map(({ key }, b) => [`spectralError/${key}`, errors[b]!] as const)
    const values = Object.fromEntries([['loss', loss] as const, ...Object.entries(extra), ...spectral]
      .filter((entry): entry is [string, number] => Number.isFinite(entry[1])))
    return [
      { type: 'metrics', step, values },
      ...(history.steps.length % perPicture === 0 ? [picture()] : [])
    ]
  }

  /** By band the step since which its error has been below the threshold. */
  function learnedSteps (): Map<number, number> {
    return new Map(bands.flatMap((_, b) => {
      const since = history.errors.findLastIndex(errors => !(errors[b]! < threshold)) + 1
      return since < history.steps.length ? [[b, history.steps[since]!]] : []
    }))
  }

  function picture (): RunEvent {
    const step = history.steps.at(-1)!
    return { type: 'artifact', name: 'heat-map', step, mediaType: 'image/png', bytes: drawHeatMap(bands, history) }
  }

  function snapshots (): Snapshot[] {
    const reasons = new Map<number, string[]>()
    const because = (step: number, reason: string) => { reasons.set(step, [...reasons.get(step) ?? [], reason]) }
    const last = history.steps.at(-1)!
    because(0, 'start')
    const learned = learnedSteps()
    for (const step of new Set(learned.values())) {
      const labels = bands.filter((_, b) => learned.get(b) === step).map(({ label }) => label)
      if (step > 0) because(step, `${isOneGroup ? `${bands[0]!.group} ` : ''}${labels.join(', ')} learned`)
    }
    if (last > 0) because(last, 'end')
    for (const step of moments) if (kept.has(step) && !reasons.has(step)) because(step, 'asked for')
    for (const step of [...kept.keys()].filter(isPowerOfTen)) if (reasons.size < 4 && !reasons.has(step)) because(step, 'on the way')
    const steps = [...reasons.keys()].sort((a, b) => a - b)
    return thin(steps, maxMoments).map(step => {
      const { loss, outputs } = kept.get(step)!
      return {
        step,
        label: reasons.get(step)!.join(', '),
        loss,
        fit: options.keepsFits ? Array.from(outputs) : [],
        spectrum: options.spectrum(outputs).map(({ fit }) => fit)
      }
    })
  }

  return {
    history,
    isDue: step => wanted.has(step) || isDue(step, perDecade),
    record,
    finish: () => history.steps.length % perPicture === 0 ? [] : [picture()], // one picture per step
    snapshots,
    save: () => ({
      history: structuredClone(history),
      kept: Array.from(kept, ([step, { loss }]) => ({ step, loss })),
      arrays: Object.fromEntries(Array.from(kept, ([step, { outputs }]) => [`outputs/${step}`, { shape: [outputs.length], data: outputs }]))
    })
  }
}

function countDue (steps: number, perDecade: number): number {
  const due = new Set<number>()
  for (let k = 0; 10 ** (k / perDecade) <= steps + 0.5; k++) due.add(Math.round(10 ** (k / perDecade)))
  return due.size + 1
}

function isPowerOfTen (step: number): boolean {
  return step > 0 && 10 ** Math.round(Math.log10(step)) === step
}

/** So many of a list, both ends included. */
function thin<T> (list: T[], count: number): T[] {
  if (list.length <= count) return list
  return Array.from({ length: count }, (_, i) => list[Math.round(i * (list.length - 1) / (count - 1))]!)
}
