/** Workers that visit a centre, each every so many steps of its own: easgd, eamsgd and downpour in mode async. */
import type { Vector } from '../../../exchange/exchange.js'
import type { CentreMethod } from '../methods/method.js'
import type { Apart } from './apart-room.js'
import type { Encounters, Tell } from './encounters.js'

/** Makes what the workers of one thread do. */
export function createVisits ({ method, apart, tell }: { method: CentreMethod, apart: Apart, tell: Tell }): Encounters {
  const { board } = apart
  const owed = new Map<number, Vector>()
  /** steps of all at a worker's last visit */
  const visited = new Map<number, number>()
  const start = board.count(0)

  return {
    span: steps => method.period - steps % method.period,
    pulls: () => [],
    comeBy (worker, made) {
      const { number, vector, steps } = worker
      const total = board.count(made)
      if (steps % method.period === 0) {
        const left = board.share(centre => method.visit({ worker: number, step: steps }, vector, centre))
        if (left) owed.set(number, left)
        apart.noteStaleness(number, Math.max(0, total - (visited.get(number) ?? start) - method.period))
        visited.set(number, total)
      }
      const loss = worker.loss()
      if (!Number.isFinite(loss)) apart.diverge()
      tell(worker, loss, owed.get(number))
    },
    takeOwed (worker) {
      const left = owed.get(worker)
      owed.delete(worker)
      return left
    }
  }
}
