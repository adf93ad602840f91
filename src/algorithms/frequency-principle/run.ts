/**
 * One trial: one optimizer fits a network to a function on a grid, in Float64, while the spectrum of the fit is watched.
 * Data sets go another way (data/run.ts). Next hops: targets.ts makes the numbers, record.ts measures, result.ts concludes.
 */
import { createOptimizer, type Optimizer, type OptimizerSettings, type OptimizerState } from '../../optimizers/index.js'
import { createRegression, initialize, parameterCount } from '../../tensor/float64/regression.js'
import type { RunContext, RunEvent, SnapshotState, TrialDefinition } from '../contract.js'
import { prefix, unprefix } from '../kit/named-arrays.js'
import { createProgress, type Progress, type ProgressState } from '../kit/progress.js'
import type { SpectralHistory } from '../kit/spectrum/index.js'
import type { OptimizerSpec } from './optimizer-spec.js'
import { createRecorder, type Recorder, type RecorderState } from './record.js'
import { concludeTrial, groupBands, type FrequencyPrincipleResult } from './result.js'
import type { FrequencyPrincipleSpec } from './spec.js'
import { makeTarget, openProbe, type GridTarget } from './targets.js'
import { evaluationNanoseconds, netOf, paceNanoseconds } from './work.js'

/** JSON part of a snapshot. */
interface SavedValues {
  optimizer: OptimizerState['values']
  progress: ProgressState
  history: SpectralHistory
  kept: RecorderState['kept']
}

type GridOptimizer = Exclude<OptimizerSpec, { type: 'sgd' }>

/** Runs one trial. The spec names one optimizer. */
export async function * run (
  trial: TrialDefinition<FrequencyPrincipleSpec>, context: RunContext
): AsyncGenerator<RunEvent, FrequencyPrincipleResult> {
  const { target } = trial.spec
  if (target.type !== 'data') return yield * runOnGrid(trial.spec, target, context)
  const { runOnData } = await import('./data/run.js') // not at the top: it loads the tensor library
  return yield * runOnData(trial, context)
}

async function * runOnGrid (
  spec: FrequencyPrincipleSpec, target: GridTarget, { random, clock, resume }: RunContext
): AsyncGenerator<RunEvent, FrequencyPrincipleResult> {
  const { steps, evaluations, ...method } = spec.optimizers[0] as GridOptimizer
  const saved = resume?.values as unknown as SavedValues | undefined

  // 1. target f on its grid, network h(x; theta), theta_0 at random, L(theta) = mean (h - f)^2
  const fitting = makeTarget(target)
  const probe = openProbe(spec, target, fitting)
  const bands = groupBands(probe.bands, target.type === 'image' ? 'radius' : 'frequency')
  const net = netOf(spec, target, spec.optimizers[0]!)
  const loss = createRegression(net, fitting)
  const optimizer = createOptimizer(settingsOf(method, spec), loss, {
    start: initialize(net, initOf(spec), random('init')),
    random,
    budget: { steps, ...(evaluations === undefined ? {} : { evaluations }) },
    ...(saved ? { state: { arrays: unprefix('optimizer/', resume!.arrays), values: saved.optimizer } } : {})
  })
  const recorder = createRecorder({
    ...spec.spectrum,
    perDecade: spec.spectrum.recordsPerDecade,
    bands,
    measure: probe.measure,
    spectrum: probe.spectrum,
    moments: spec.moments,
    steps,
    keepsFits: true,
    resume: saved && { history: saved.history, kept: saved.kept, arrays: unprefix('record/', resume!.arrays) }
  })
  const progress = createProgress(steps, saved && { ...saved.progress })
  const outputs = new Float64Array(fitting.y.length)
  let seconds = 0 // a metric marked timing; nothing else depends on it
  const record = () =>
    recorder.record(pointOf(optimizer), loss.predict(optimizer.theta, outputs), { ...measuresOf(optimizer), seconds })

  // 2. step by step; at log-spaced steps Delta_F(k) = |F[h](k) - F[f](k)| / |F[f](k)|
  const boundary = (): RunEvent =>
    ({ type: 'boundary', step: optimizer.counts.steps, snapshot: () => takeSnapshot(optimizer, recorder, progress) })
  if (!saved) {
    yield * record()
    yield boundary()
  }
  const perEvaluation = evaluationNanoseconds(net, fitting.y.length)
  let work = 0
  while (optimizer.stop === undefined) {
    const before = evaluationsOf(optimizer)
    const begun = clock()
    optimizer.step()
    seconds += clock() - begun
    if (isNews(optimizer, recorder) && recorder.isDue(optimizer.counts.steps)) yield * record()
    yield * advance(progress, optimizer, steps, evaluations)
    work += perEvaluation * (evaluationsOf(optimizer) - before)
    if (work < paceNanoseconds) continue
    work = 0
    yield boundary()
  }
  if (isNews(optimizer, recorder)) yield * record()
  const { reason, text, advice } = optimizer.stop
  yield { type: 'log', level: reason === 'not-finite' || reason === 'line-search' ? 'warn' : 'info', text: `${text}. ${advice}` }
  yield * recorder.finish()
  yield * progress.add(steps - progress.state.done)

  // 3. T_k: when each frequency was learned, and whether that went from low to high
  const spectrum = probe.spectrum(outputs)
  return concludeTrial({
    parameters: parameterCount(net),
    points: fitting.y.length,
    bands,
    history: recorder.history,
    threshold: spec.spectrum.threshold,
    stop: optimizer.stop,
    counts: { ...optimizer.counts },
    ...(fitting.picture ? { picture: fitting.picture } : {}),
    target: fitting.y,
    spectrum: { frequencies: spectrum.map(({ frequency }) => frequency), target: spectrum.map(({ target }) => target) },
    snapshots: recorder.snapshots()
  })
}

function settingsOf ({ name: _, hidden: __, ...method }: Omit<GridOptimizer, 'steps' | 'evaluations'>, spec: FrequencyPrincipleSpec): OptimizerSettings {
  const { gradientTolerance = 1e-5, targetValue } = spec
  return { ...method, gradientTolerance, ...(targetValue === undefined ? {} : { targetValue }) } as OptimizerSettings
}

function initOf ({ init }: FrequencyPrincipleSpec): Parameters<typeof initialize>[1] {
  return init.type === 'fan-in' ? { scheme: 'fan-in', gain: init.gain } : { scheme: 'normal', deviation: init.deviation }
}

function evaluationsOf ({ counts }: Optimizer): number {
  return counts.functionEvaluations + counts.gradientEvaluations
}

function pointOf (optimizer: Optimizer) {
  return { step: optimizer.counts.steps, evaluations: evaluationsOf(optimizer), loss: optimizer.value }
}

/** Whether there is something to measure that was not: a step may end without having moved, or where numbers end. */
function isNews ({ counts, value }: Optimizer, { history }: Recorder): boolean {
  return counts.steps > history.steps.at(-1)! && Number.isFinite(value)
}

function measuresOf ({ gradientNorm, stepLength, counts }: Optimizer): Record<string, number> {
  const { functionEvaluations, gradientEvaluations } = counts
  return { gradientNorm, stepLength, functionEvaluations, gradientEvaluations }
}

/** Progress is the part of the budget that is used up, of steps or of evaluations, whichever is further. */
function advance (progress: Progress, optimizer: Optimizer, steps: number, evaluations = Infinity): RunEvent[] {
  const done = Math.min(steps, Math.max(optimizer.counts.steps, steps * evaluationsOf(optimizer) / evaluations))
  return progress.add(done - progress.state.done)
}

function takeSnapshot (optimizer: Optimizer, recorder: Recorder, progress: Progress): SnapshotState {
  const state = optimizer.save()
  const { history, kept, arrays } = recorder.save()
  const values: SavedValues = { optimizer: state.values, progress: { ...progress.state }, history, kept }
  return {
    arrays: { ...prefix('optimizer/', state.arrays), ...prefix('record/', arrays) },
    values: values as unknown as Record<string, unknown>
  }
}
