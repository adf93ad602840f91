/** What a trial came to: every worker, and what can be made of them all, measured at the end. */
import type { RunEvent } from '../contract.js'
import { inParts } from '../kit/passes.js'
import type { Measured } from './learning.js'
import { paceAt } from './observe.js'
import { averageOf, bytesSent, centreOf, presentOf, stateOf, type Look } from './record.js'
import type { LeaderResult, PointName } from './result.js'
import { isDiverged } from './sync.js'
import { concludeTheory } from './theory.js'
import { boundary, type TrialState } from './trial-state.js'
import { repeatsOf } from './work.js'

/** Measures and concludes. @param last  where the workers ended */
export async function * conclude (trial: TrialState, last: Look): AsyncGenerator<RunEvent, LeaderResult> {
  const { opened, counted, arm } = trial
  const { learning, measuring } = opened
  const { size } = learning
  const outcome = isDiverged(last.step, last.losses.filter((_, worker) => last.steps?.[worker] !== 0).map(loss => ({ loss }))) ? 'diverged' : 'finished'
  const { workers, points } = yield * inParts(measureAll(trial, last), () => boundary(trial))
  const leader = stateOf(last.vectors[last.leaders.all]!, size)
  if (opened.store && outcome === 'finished') {
    const places = { centre: centreOf(presentOf(last), trial.looking), leader }
    for (const event of yield * inParts(opened.store(places, last.step), () => boundary(trial))) yield event
  }
  const final = finalOf(trial, points)
  const { mistakes } = points.get(final)!
  const warning = warningOf(points)
  return {
    outcome,
    parameters: learning.weights,
    exchanges: counted.exchanges,
    batchSize: opened.batchSize,
    final,
    points: [...points].map(([name, { loss, error }]) => ({ name, loss: finite(loss), error })),
    workers: workers.map(({ loss, error }, worker) => ({
      steps: last.steps?.[worker] ?? last.step,
      loss: finite(loss),
      error,
      led: counted.led[worker]!,
      sentBytes: Math.round(counted.sent[worker]!),
      receivedBytes: Math.round(counted.received[worker]!),
      time: counted.times?.at[worker] ?? null,
      waited: counted.times?.waited[worker] ?? null,
      staleness: stalenessOf(trial, worker),
      lost: last.lost?.[worker] ?? false
    })),
    leaders: counted.leaders,
    bytes: { sent: Math.round(bytesSent(counted)), exchange: exchangeBytes(trial, last) },
    gradientNorm: measuring.gradientNorm ? finite(measuring.gradientNorm(leader)) : null,
    ...(trial.paths.size > 0 && outcome === 'finished' ? { paths: counted.paths } : {}),
    ...repeatsResult(trial),
    ...(outcome === 'finished' ? theoryResult(trial) : {}),
    ...(mistakes ? { mistakes } : {}),
    ...(opened.testExamples === undefined ? {} : { testExamples: opened.testExamples }),
    ...(warning === undefined || arm.workers === 1 ? {} : { warning })
  }
}

/** Every worker, and the points in the order of their names. */
function * measureAll (
  { opened: { measuring, learning }, method, looking }: TrialState, last: Look
): Generator<void, { workers: Measured[], points: Map<PointName, Measured> }> {
  const { size } = learning
  const workers: Measured[] = []
  for (const vector of last.vectors) workers.push(yield * measuring.measure(stateOf(vector, size)))
  const present = presentOf(last)
  const points = new Map<PointName, Measured>()
  if (method.centre) points.set('centre', yield * measuring.measure(centreOf(present, looking)))
  points.set('leader', workers[last.leaders.all]!)
  const average = averageOf(present, size)
  points.set('average', yield * measuring.measure(average))
  if (measuring.reestimate) points.set('reestimated', yield * measuring.measure(yield * measuring.reestimate(average)))
  points.set('worst', presentOf({ vectors: workers, lost: last.lost }).reduce((worst, worker) => worker.loss > worst.loss || Number.isNaN(worker.loss) ? worker : worst))
  return { workers, points }
}

/**
 * What stands for the training: as the paper tests it, the centre, and where a method has none the average of networks that
 * train together, with statistics of its own. Workers that are no networks end in one place, or in minima of their own.
 */
function finalOf ({ method, arm, looking }: TrialState, points: ReadonlyMap<PointName, Measured>): PointName {
  if (method.centre) return 'centre'
  if (looking.isAnalytic || arm.workers === 1 || arm.method.type === 'independent') return 'leader'
  return points.has('reestimated') ? 'reestimated' : 'average'
}

function warningOf (points: ReadonlyMap<PointName, Measured>): string | undefined {
  const [average, worst] = [points.get('average')!, points.get('worst')!]
  if (!(average.loss > worst.loss)) return undefined
  return `The average of the workers is worse than the worst of them: its loss is ${average.loss.toPrecision(4)}, theirs at most ${worst.loss.toPrecision(4)}`
}

function finite (value: number): number | null {
  return Number.isFinite(value) ? value : null
}

function stalenessOf ({ counted: { staleness } }: TrialState, worker: number): number | null {
  if (staleness === null) return null
  const { sum, count } = staleness[worker]!
  return count === 0 ? 0 : sum / count
}

/** Of one exchange at which all that can be exchanged is. */
function exchangeBytes ({ method, arm: { workers, method: spec }, copy }: TrialState, { leaders }: Look): number {
  const step = spec.type === 'lsgd' ? spec.tauG * spec.tau : spec.type === 'downpour' ? spec.fetch * spec.push : 1
  let bytes = 0
  for (let worker = 0; worker < workers; worker++) {
    const { sent, lossesSent = 0, fromCentre = 0 } = method.traffic({ step, leaders }, worker)
    bytes += (sent + fromCentre) * copy + 8 * lossesSent
  }
  return Math.round(bytes)
}

function repeatsResult ({ cursor: { repeats, reached, lossSum }, spec }: TrialState): Pick<LeaderResult, 'repeats'> {
  return repeatsOf(spec) === 1 ? {} : { repeats: { count: repeats, reached, meanLoss: lossSum / repeats } }
}

function theoryResult (trial: TrialState): Pick<LeaderResult, 'theory'> {
  const { objective, theory, spec: { problem, steps }, arm: { workers }, context, opened: { learning } } = trial
  if (objective === undefined || problem.type !== 'quadratic') return {}
  const pace = paceAt(trial, learning.rate(0, steps - 1))
  return { theory: concludeTheory(theory, problem, pace, { workers, stream: context.random('newton') }) }
}
