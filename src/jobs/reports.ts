/** Draws an experiment's conclusion when its last trial has ended, and with it ends the experiment. */
import { findAlgorithm } from '../algorithms/registry.js'
import type { FinishedTrial, Report } from '../algorithms/contract.js'
import { withTransaction, type Database } from '../storage/database.js'
import { readMetrics } from '../storage/metrics.js'
import { finishExperiment } from '../storage/trials.js'

/** Makes the report and writes it together with the experiment's last state. Repeating it changes nothing. */
export async function makeReport (db: Database, experimentId: string, onError: (error: Error) => void): Promise<void> {
  const experiment = await db.prisma.experiment.findUnique({ where: { id: experimentId }, include: { trials: { orderBy: { ordinal: 'asc' } } } })
  if (experiment === null) return
  const series = await readMetrics(db.pool, experimentId)
  const trials = experiment.trials.map(trial => ({
    id: trial.id,
    definition: trial.definition,
    state: trial.state,
    result: trial.result ?? undefined,
    metrics: Object.fromEntries(series.filter(one => one.trialId === trial.id).map(({ name, points }) =>
      [name, { steps: points.map(point => point[0]), values: points.map(point => point[1]) }]))
  })) as unknown as FinishedTrial<unknown, unknown>[]
  const report = conclude(experiment.kind, experiment.spec, trials, onError)
  await withTransaction(db.pool, async client => { await finishExperiment(client, experimentId, report) })
}

/** A report that throws is a bug of its kind: the experiment still ends, and says that there is no verdict. */
function conclude (kind: string, spec: unknown, trials: FinishedTrial<unknown, unknown>[], onError: (error: Error) => void): Report {
  try {
    return findAlgorithm(kind).report(spec, trials)
  } catch (error) {
    onError(error as Error)
    const evidence = `The report could not be made: ${(error as Error).message}`
    return { verdict: { claim: '', predicts: '', holds: null, evidence }, tables: [], figures: [] }
  }
}
