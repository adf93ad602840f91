/** What is counted in mode async on a crew: elections, visits, and staleness, as the threads note them in shared memory. */
import { hasCentre } from '../methods/index.js'
import { nobody } from '../methods/method.js'
import { countLeader, countTraffic } from '../record.js'
import type { TrialState } from '../trial-state.js'
import type { Apart } from './apart-room.js'

/** Opens the ledger of a run. @param begun  steps of each worker when it began @returns enters what came since the last time */
export function openLedger (trial: TrialState, apart: Apart, begun: readonly number[]): () => void {
  const { counted, method, arm: { workers }, copy } = trial
  const { period } = method
  const entered = begun.map(() => ({ sum: 0, count: 0 }))
  let elections = 0

  function enterElections (): void {
    for (const { total, ...leaders } of apart.electionsFrom(elections)) {
      const step = Math.floor(total / workers / period) * period
      countLeader(counted, step, leaders.all)
      for (let worker = 0; worker < workers; worker++) countTraffic(counted, worker, method.traffic({ step, leaders }, worker), copy)
      elections++
    }
  }

  /** Visits of a worker come at multiples of the period. */
  function enterVisits (worker: number, from: number, to: number): void {
    const before = Math.floor(begun[worker]! / period)
    for (let visit = from + 1; visit <= to; visit++) {
      countTraffic(counted, worker, method.traffic({ step: (before + visit) * period, leaders: nobody }, worker), copy)
      counted.exchanges++
    }
  }

  return () => {
    enterElections()
    entered.forEach((last, worker) => {
      const { sum, count } = apart.stalenessOf(worker)
      if (hasCentre(method)) enterVisits(worker, last.count, count)
      const stale = counted.staleness![worker]!
      stale.sum += sum - last.sum
      stale.count += count - last.count
      entered[worker] = { sum, count }
    })
  }
}
