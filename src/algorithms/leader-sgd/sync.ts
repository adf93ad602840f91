/**
 * Workers in step, as each thread of a trial runs its own: steps, telling, one meeting, and what becomes of all. The numbers do
 * not depend on how many threads there are, nor on who looks. Next hops: methods/ and src/exchange.
 */
import type { Gather, Told, Vector } from '../../exchange/exchange.js'
import type { Calendar } from './calendar.js'
import type { Learning } from './learning.js'
import { leadersOf, type Leaders, type Method } from './methods/method.js'
import { beginWorker, type Worker } from './workers.js'

/** What one thread has to do. */
export interface Part<V extends Vector> {
  learning: Learning<V>
  method: Method<V>
  gather: Gather<V>
  calendar: Calendar
  /** of this thread */
  workers: Worker<V>[]
  /** of every worker */
  steps: number
}

/** Where a training stands when all have told. */
export interface Standing<V extends Vector> {
  step: number
  told: readonly Told<V>[]
  /** what the method goes on from, as it was before this meeting */
  kept: Record<string, V>
}

/** A meeting, as it is looked at before anyone goes on. Its arrays stay as they are until the meeting after next. */
export interface Meeting<V extends Vector> extends Standing<V> {
  isExchange: boolean
  leaders: Leaders
  /** Makes what becomes of all workers: their vectors, new ones. */
  after (): V[]
}

/** Puts the workers of this thread at their beginning. All threads must come. */
export function beginTogether<V extends Vector> ({ learning, method, gather, workers }: Part<V>): Standing<V> {
  for (const worker of workers) {
    beginWorker(worker, learning, method)
    gather.tell(worker.number, { state: worker.vector, loss: worker.loss() })
  }
  const told = gather.meet()
  method.begin?.(told.map(({ state }) => state))
  return { step: 0, told, kept: method.state() }
}

/** Goes on from where a training stands, to its end or until a loss is no finite number; yields every meeting, this one first. */
export function * trainTogether<V extends Vector> (part: Part<V>, standing: Standing<V>): Generator<Meeting<V>, void> {
  const { method, gather, calendar, workers, steps } = part
  method.load(standing.kept)
  let { step, told } = standing
  for (const worker of workers) {
    worker.vector.set(told[worker.number]!.state)
    worker.steps = step
  }
  for (;;) {
    const leaders = leadersOf(told.map(({ loss }) => loss), method.groups)
    const kept = method.state()
    const isExchange = calendar.isExchange(step)
    if (isExchange) method.agree({ step, told, leaders }, gather.compose)
    yield { step, told, kept, isExchange, leaders, after: () => followAll(method, told, isExchange) }
    if (step === steps || isDiverged(step, told)) return
    const next = calendar.next(step)
    for (const worker of workers) {
      const { number, vector } = worker
      if (isExchange) method.follow(number, vector)
      worker.advance(next - step, method.pulls(number), isExchange && method.settle ? vector => method.settle!(number, vector) : undefined)
      gather.tell(number, { state: vector, loss: worker.loss() })
    }
    step = next
    told = gather.meet()
  }
}

/** Whether a loss is no finite number; before the first step there may be none. */
export function isDiverged (step: number, told: readonly { loss: number }[]): boolean {
  return step > 0 && told.some(({ loss }) => !Number.isFinite(loss))
}

function followAll<V extends Vector> (method: Method<V>, told: readonly Told<V>[], isExchange: boolean): V[] {
  return told.map(({ state }, worker) => {
    const vector = state.slice() as V
    if (isExchange) method.follow(worker, vector)
    return vector
  })
}
