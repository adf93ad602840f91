/** A trial at work: its fit, what was recorded of it, and how far it is; opened afresh or from a snapshot. */
import { prefix, unprefix } from '../../math/arrays.js'
import type { OptimizerState } from '../../optimizers/index.js'
import type { RunContext, RunEvent } from '../contract.js'
import { createProgress, type Progress, type ProgressState } from '../kit/progress.js'
import type { SpectralHistory } from '../kit/spectrum/index.js'
import type { Fit, Tested } from './fit.js'
import { openFit } from './open-fit.js'
import { createRecorder, type Recorder, type RecorderState } from './record.js'
import type { FrequencyPrincipleSpec } from './spec.js'

export interface TrialState {
  readonly spec: FrequencyPrincipleSpec
  readonly fit: Fit
  readonly recorder: Recorder
  readonly progress: Progress
  readonly known: Known
  /** wall time of the optimizer since the trial was opened: a metric marked timing, on which nothing else depends */
  seconds: number
}

/** What the trial has found out so far. */
interface Known {
  /** at the last record, where the target has classes */
  accuracy: number
  /** at the last record, where the target has a denser grid */
  tested?: Tested
  /** step of the last weights that were stored, -1 for none */
  storedAt: number
}

/** JSON part of a snapshot. */
interface SavedValues {
  learner: OptimizerState['values']
  progress: ProgressState
  history: SpectralHistory
  kept: RecorderState['kept']
  known: Known
}

/** Opens a trial: afresh, or as it was at a boundary. */
export async function openTrial (spec: FrequencyPrincipleSpec, context: RunContext): Promise<TrialState> {
  const saved = context.resume?.values as unknown as SavedValues | undefined
  const arrays = context.resume?.arrays ?? {}
  const fit = await openFit(spec, context, saved && { values: saved.learner, arrays: unprefix('learner/', arrays) })
  const { bands, measure, spectrum, budget: { steps } } = fit
  const recorder = createRecorder({
    bands,
    measure,
    spectrum,
    threshold: spec.spectrum.threshold,
    perDecade: spec.spectrum.recordsPerDecade,
    moments: spec.moments,
    steps,
    keepsFits: fit.shape !== undefined,
    resume: saved && { history: saved.history, kept: saved.kept, arrays: unprefix('record/', arrays) }
  })
  const progress = createProgress(steps, saved?.progress)
  return { spec, fit, recorder, progress, known: saved?.known ?? { accuracy: 0, storedAt: -1 }, seconds: 0 }
}

/** A place from which the trial can go on. */
export function boundary ({ fit: { learner }, recorder, progress, known }: TrialState): RunEvent {
  return {
    type: 'boundary',
    step: learner.counts.steps,
    snapshot () {
      const { arrays: learnerArrays, values: learnerValues } = learner.save()
      const { history, kept, arrays } = recorder.save()
      const values: SavedValues = { learner: learnerValues, progress: { ...progress.state }, history, kept, known: { ...known } }
      return {
        arrays: { ...prefix('learner/', learnerArrays), ...prefix('record/', arrays) },
        values: values as unknown as Record<string, unknown>
      }
    }
  }
}
