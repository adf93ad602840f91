/** The trial's own thread in mode async: it has written down what happens in simulated time. */
import type { Vector } from '../../exchange/exchange.js'
import { prefix, unprefix } from '../../math/arrays.js'
import type { RunEvent, SnapshotState } from '../contract.js'
import { note } from './observe.js'
import { countLeader, countTraffic, type Look } from './record.js'
import { leadersOf, nobody } from './methods/method.js'
import { beginProgressing, simulate, type Election, type Happening, type Progressing, type Simulation } from './simulated.js'
import { boundary, flat, rowsIn, rowsOf, type TrialState } from './trial-state.js'
import { exchangeTime } from './virtual-time.js'
import { beginWorker, createWorker } from './workers.js'

/** Trains to the end, or until a loss is no finite number. @returns the last moment */
export async function * trainApart (trial: TrialState): AsyncGenerator<RunEvent, Look> {
  const { context, calendar, counted, cursor } = trial
  const { simulation, state } = openSimulation(trial, context.resume)
  trial.place = () => placeOf(simulation, state)
  let since = context.clock()
  for (const happening of simulate(simulation, state, step => calendar.isBoundary(step))) {
    if (happening.type !== 'round') {
      count(trial, happening, state)
      continue
    }
    counted.seconds += context.clock() - since
    if (happening.step > cursor.noted) yield boundary(trial)
    yield * note(trial, happening.step, () => lookAround(simulation, happening.step), () => {})
    if (hasDiverged(simulation)) return lookAround(simulation, happening.step)
    since = context.clock()
  }
  return lookAround(simulation, trial.spec.steps)
}

function openSimulation (
  { context, spec, arm, method, criterion, simulated, counted, opened: { learning } }: TrialState, resume: SnapshotState | undefined
): { simulation: Simulation, state: Progressing<Vector> } {
  const workers = Array.from({ length: arm.workers }, (_, worker) => createWorker(worker, learning, method, criterion))
  const { execution, duration } = simulated!
  const simulation: Simulation = {
    learning,
    method,
    workers,
    duration,
    spec: arm.method,
    steps: spec.steps,
    times: counted.times!,
    taken: copies => exchangeTime(execution, copies)
  }
  if (resume) return { simulation, state: restore(simulation, resume) }
  for (const worker of workers) beginWorker(worker, learning, method)
  method.begin?.(workers.map(({ vector }) => vector))
  return { simulation, state: beginProgressing(arm.workers) }
}

function lookAround ({ workers, method }: Simulation, step: number): Look {
  const losses = workers.map(worker => worker.loss())
  const vectors = workers.map(({ vector }) => vector)
  return { step, losses, vectors, leaders: leadersOf(losses, method.groups), steps: workers.map(({ steps }) => steps) }
}

function hasDiverged ({ workers }: Simulation): boolean {
  return workers.some(worker => worker.steps > 0 && !Number.isFinite(worker.loss()))
}

function count (trial: TrialState, happening: Exclude<Happening, { type: 'round' }>, { total }: Progressing): void {
  const { counted, method, arm: { workers }, copy } = trial
  const step = Math.floor(total / workers)
  if (happening.type === 'election') {
    const { leaders } = happening
    countLeader(counted, step, leaders.all)
    for (let worker = 0; worker < workers; worker++) countTraffic(counted, worker, method.traffic({ step, leaders }, worker), copy)
    return
  }
  const { worker, staleness } = happening
  const stale = counted.staleness![worker]!
  stale.sum += staleness
  stale.count++
  if (happening.type === 'pull') return
  counted.exchanges++
  countTraffic(counted, worker, method.traffic({ step: happening.step, leaders: nobody }, worker), copy)
}

const keptName = 'kept/'
const electionName = 'election/'
const owedName = 'owed/'

interface SavedElection { total: number, arrival: number, isOfAll: boolean }
interface SavedValues {
  total: number
  steps: number[]
  visited: number[]
  elections: SavedElection[]
  /** which of the elections: -1 for none */
  election: number
  followed: number[]
}

/** Elections are saved once, however many follow them. */
function placeOf ({ workers, method }: Simulation, state: Progressing): SnapshotState {
  const elections = [...new Set([state.election, ...state.followed])].filter(election => election !== undefined)
  const indexOf = (election: Election | undefined) => election === undefined ? -1 : elections.indexOf(election)
  const values: SavedValues = {
    total: state.total,
    steps: workers.map(({ steps }) => steps),
    visited: [...state.visited],
    elections: elections.map(({ total, arrival, isOfAll }) => ({ total, arrival, isOfAll })),
    election: indexOf(state.election),
    followed: state.followed.map(indexOf)
  }
  const named = (vectors: (Vector | undefined)[]) =>
    Object.fromEntries(vectors.flatMap((vector, i) => vector === undefined ? [] : [[i, flat(vector)]]))
  return {
    arrays: {
      vectors: rowsOf(workers.map(({ vector }) => vector)),
      ...prefix(keptName, Object.fromEntries(Object.entries(method.state()).map(([name, vector]) => [name, flat(vector)]))),
      ...prefix(electionName, named(elections.map(({ leaders }) => leaders))),
      ...prefix(owedName, named(state.owed))
    },
    values: { ...values }
  }
}

function restore ({ workers, method }: Simulation, { arrays, values }: SnapshotState): Progressing<Vector> {
  const saved = values as unknown as SavedValues
  rowsIn(arrays.vectors!).forEach((vector, i) => {
    workers[i]!.vector.set(vector)
    workers[i]!.steps = saved.steps[i]!
  })
  const vectorsOf = (name: string) =>
    Object.fromEntries(Object.entries(unprefix(name, arrays)).map(([at, { data }]) => [at, data as Vector]))
  method.load(vectorsOf(keptName))
  const copies = vectorsOf(electionName)
  const elections = saved.elections.map((election, i): Election => ({ ...election, leaders: copies[i]! }))
  const owed = vectorsOf(owedName)
  return {
    total: saved.total,
    election: elections[saved.election],
    followed: saved.followed.map(at => elections[at]),
    owed: workers.map((_, i) => owed[i]),
    visited: saved.visited
  }
}
