/**
 * One trial: one optimizer fits a network to one target while the spectrum of the fit is watched. Next hops: fit.ts says
 * what a target is, trial-state.ts holds what is known, record.ts keeps what was measured, result.ts concludes.
 */
import { AppError } from '../../errors.js'
import type { RunContext, RunEvent, TrialDefinition } from '../contract.js'
import { checkpointEpochs } from '../kit/checkpoints.js'
import type { Fit, Tested } from './fit.js'
import { concludeTrial, type FrequencyPrincipleResult } from './result.js'
import type { FrequencyPrincipleSpec } from './spec.js'
import { boundary, openTrial, type TrialState } from './trial-state.js'
import { intervalOf } from './weights.js'

/** Runs one trial. The spec names one optimizer. */
export async function * run (
  { spec }: TrialDefinition<FrequencyPrincipleSpec>, context: RunContext
): AsyncGenerator<RunEvent, FrequencyPrincipleResult> {
  // 1. target f on its points, network h(x; theta), theta_0 at random, L(theta)
  const trial = await openTrial(spec, context)
  const { learner, evaluationsPerBoundary, close } = trial.fit
  try {
    if (context.resume === undefined) {
      yield * record(trial)
      yield boundary(trial)
    }
    // 2. step by step; at log-spaced steps Delta_F(k) = |F[h](k) - F[f](k)| / |F[f](k)|
    let before = evaluationsOf(trial)
    while (learner.stop === undefined) {
      const begun = context.clock()
      learner.step()
      trial.seconds += context.clock() - begun
      const isMeasured = isNews(trial) && trial.recorder.isDue(learner.counts.steps)
      if (isMeasured) yield * record(trial)
      yield * advance(trial)
      if (!isMeasured && evaluationsOf(trial) - before < evaluationsPerBoundary) continue
      before = evaluationsOf(trial)
      yield boundary(trial)
    }
    // 3. T_k: when each frequency was learned, and whether that went from low to high
    yield * finish(trial)
    return conclude(trial)
  } finally {
    close()
  }
}

/** Whether there is something to measure that was not: a step may end without having moved. */
function isNews ({ fit: { learner }, recorder: { history } }: TrialState): boolean {
  return learner.counts.steps > (history.steps.at(-1) ?? -1)
}

/** Measures the fit as it is, unless numbers have ended. */
function * record (trial: TrialState): Generator<RunEvent, void> {
  const { fit, recorder, known, seconds } = trial
  const { learner: { counts: { steps, ...evaluations } } } = fit
  const { outputs, loss, accuracy } = fit.look()
  if (!Number.isFinite(loss)) {
    if (steps === 0) throw new AppError('non_finite', `the loss of the first weights is ${loss}`)
    return
  }
  if (accuracy !== undefined) known.accuracy = accuracy
  const tested = fit.test?.measure()
  if (tested !== undefined) known.tested = tested
  const { gradientNorm, stepLength } = fit.learner // after the look, which may end it
  yield * recorder.record({ step: steps, evaluations: evaluationsOf(trial), loss }, outputs, {
    accuracy, gradientNorm, stepLength, ...evaluations, seconds, ...(tested ? testMetrics(fit, tested) : {})
  })
  yield * storeWeights(trial, false)
}

function testMetrics ({ bands }: Fit, { loss, errors }: Tested): Record<string, number> {
  return { testLoss: loss, ...Object.fromEntries(bands.map(({ key }, b) => [`testError/${key}`, errors[b]!])) }
}

/**
 * Stores the weights of the last record when enough steps lie behind those stored before; the model is announced with
 * the first.
 */
function * storeWeights ({ spec, fit, recorder, known }: TrialState, isEnd: boolean): Generator<RunEvent, void> {
  const { learner, budget, model, descent, learningRate } = fit
  const step = recorder.history.steps.at(-1)!
  if (step <= known.storedAt) return
  const next = checkpointEpochs({ type: 'log', count: spec.checkpoints }, budget.steps).find(at => at > known.storedAt)
  if (!isEnd && (step === 0 || next === undefined || step < next)) return
  const arrays = fit.weights()
  // Where it ended without numbers, the weights of the last record are gone.
  if (learner.counts.steps !== step || !Object.values(arrays).every(({ data }) => data.every(Number.isFinite))) return
  if (known.storedAt < 0) yield { type: 'model', name: modelName, ...model, descent }
  const interval = intervalOf(fit, Math.max(0, known.storedAt), step)
  known.storedAt = step
  const moments = fit.moments?.()
  yield { type: 'checkpoint', model: modelName, step, learningRate, ...(interval ? { interval } : {}), arrays, ...(moments ? { moments } : {}) }
}

const modelName = 'trained'

function evaluationsOf ({ fit: { learner: { counts } } }: TrialState): number {
  return counts.functionEvaluations + counts.gradientEvaluations
}

/** Progress is the part of the budget that is used up, of steps or of evaluations, whichever is further. */
function advance (trial: TrialState): RunEvent[] {
  const { fit: { learner, budget: { steps, evaluations = Infinity } }, progress } = trial
  const done = Math.min(steps, Math.max(learner.counts.steps, steps * evaluationsOf(trial) / evaluations))
  return progress.add(done - progress.state.done)
}

/** Records and stores where it ended, and says why. */
function * finish (trial: TrialState): Generator<RunEvent, void> {
  const { fit: { learner, budget }, recorder, progress } = trial
  if (isNews(trial)) yield * record(trial)
  yield * storeWeights(trial, true)
  const { reason, text, advice } = learner.stop!
  yield { type: 'log', level: reason === 'not-finite' || reason === 'line-search' ? 'warn' : 'info', text: `${text}. ${advice}` }
  yield * recorder.finish()
  yield * progress.add(budget.steps - progress.state.done)
}

function conclude ({ spec, fit, recorder, known }: TrialState): FrequencyPrincipleResult {
  const { parameters, points, bands, learner, goal, shape } = fit
  const spectrum = fit.spectrum(goal)
  const shuffled = spectrum.flatMap(({ shuffled }) => shuffled ?? [])
  return concludeTrial({
    parameters,
    points,
    bands,
    history: recorder.history,
    threshold: spec.spectrum.threshold,
    stop: learner.stop!,
    counts: { ...learner.counts },
    picture: shape?.picture ?? null,
    ...(shape === undefined ? {} : { target: goal }),
    spectrum: {
      frequencies: spectrum.map(({ frequency }) => frequency),
      target: spectrum.map(({ target }) => target),
      ...(shuffled.length === 0 ? {} : { shuffled: shuffled.map(({ high }) => high) })
    },
    snapshots: recorder.snapshots(),
    ...(known.tested === undefined ? {} : { test: { points: fit.test!.points, ...known.tested } }),
    ...fit.findings(recorder.history, known.accuracy)
  })
}
