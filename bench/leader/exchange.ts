/** What an exchange of two workers in two threads takes, as the kind makes it: its own loop, with steps that cost nothing. */
import type { GatherRoom } from '../../src/exchange/gather.js'
import type { Crew, CrewMember, RunContext } from '../../src/algorithms/contract.js'
import { createCalendar } from '../../src/algorithms/leader-sgd/calendar.js'
import type { Learning } from '../../src/algorithms/leader-sgd/learning.js'
import { createMethod } from '../../src/algorithms/leader-sgd/methods/index.js'
import type { Method } from '../../src/algorithms/leader-sgd/methods/spec.js'
import { openPart, roomOf, type Means } from '../../src/algorithms/leader-sgd/part.js'
import { beginTogether, trainTogether } from '../../src/algorithms/leader-sgd/sync.js'
import { summarise } from '../record.js'
import type { Answer } from './ours.js'

const WEIGHTS = 1_000_000
const EXCHANGES = 100
const WARM_UP = 20
const THREADS = 2

/** Every way to exchange; lars does what data-parallel does. */
const methods = {
  lsgd: { type: 'lsgd', groups: 1, lambda: 0.1, lambdaG: 0, tau: 1, tauG: 1, pulls: 'sequential', rateInside: false, leader: { type: 'window', batches: 10 }, proximal: 0, proximalG: 0 },
  easgd: { type: 'easgd', beta: 0.43, tau: 1 },
  eamsgd: { type: 'eamsgd', beta: 0.9, delta: 0.99, tau: 1 },
  downpour: { type: 'downpour', push: 1, fetch: 1 },
  'local-sgd': { type: 'local-sgd', tau: 1 },
  'data-parallel': { type: 'data-parallel' }
} as const satisfies Record<string, Method>
export type Exchanging = keyof typeof methods
export const exchanging = Object.keys(methods) as Exchanging[]

interface Shared { room: GatherRoom<Float32Array>, type: Exchanging }

/** A worker whose steps cost nothing and whose weights are others after each; with as many velocities where the method has them. */
function learningOf (type: Exchanging): Learning<Float32Array> {
  const hasVelocities = type === 'eamsgd'
  return {
    weights: WEIGHTS,
    size: hasVelocities ? 2 * WEIGHTS : WEIGHTS,
    velocities: hasVelocities ? WEIGHTS : undefined,
    pace: Infinity,
    room: (length, shared) => shared ? new Float32Array(new SharedArrayBuffer(4 * length)) : new Float32Array(length),
    begin (worker, state) { state.fill(worker) },
    advance (state, { worker, from, count }, _, losses) {
      state[0] = from
      losses.fill((worker + from) % THREADS, 0, count)
    },
    rate: () => 0.1,
    criterion: () => 0,
    dispose () {}
  }
}

function meansOf (type: Exchanging): Means<Float32Array> {
  const learning = learningOf(type)
  const steps = WARM_UP + EXCHANGES
  const calendar = createCalendar({ steps, period: 1, pace: Infinity, looks: [] })
  const method = createMethod(methods[type], { workers: THREADS, learning })
  return { learning, method, criterion: methods.lsgd.leader, calendar, workers: THREADS, steps }
}

/** Every thread's part. @returns milliseconds of the median exchange, and those of waiting for the other thread in the median one */
function exchange ({ size: threads, worker: thread, barrier }: Crew, { room, type }: Shared): Required<Pick<Answer, 'exchangeMs' | 'waitingMs'>> {
  let waited = 0
  const timed = (): void => {
    const since = performance.now()
    barrier()
    waited += performance.now() - since
  }
  const part = openPart(meansOf(type), room, { barrier: timed, thread, threads })
  const [taken, waiting]: [number[], number[]] = [[], []]
  let started = 0
  for (const { step } of trainTogether(part, beginTogether(part))) {
    const now = performance.now()
    if (step > WARM_UP) taken.push(now - started - waited)
    if (step > WARM_UP) waiting.push(waited)
    started = now
    waited = 0
  }
  return { exchangeMs: summarise(taken).median, waitingMs: summarise(waiting).median }
}

/** The other thread's. */
export function exchangeToo (member: CrewMember, shared: Shared): void {
  exchange(member, shared)
}

/** Measures. */
export async function measureExchange (
  type: Exchanging, openCrews: () => { crew: RunContext['crew'], close: () => Promise<void> }
): Promise<Answer> {
  const { crew, close } = openCrews()
  const shared: Shared = { room: roomOf(meansOf(type), true), type }
  const answer = exchange(crew(THREADS, { module: import.meta.url, export: 'exchangeToo' }, shared), shared)
  await close()
  return answer
}
