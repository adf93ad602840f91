/** What one thread does of a block: it solves its share of the rows, which lie one behind the other, and writes where they are. */
import type { RandomStream } from '../../../math/random.js'
import { openBatch } from '../../../optimizers/batched/open.js'
import { restoreRows, saveRows } from '../../../optimizers/batched/state.js'
import type { BatchRun } from '../../../optimizers/batched/solver.js'
import { openFamily } from '../families/index.js'
import type { Block } from './block.js'
import { BEGIN, GO_ON, readOrder, RESUME, type Order } from './orders.js'
import { curveSteps, type SolvingSpec } from './solving.js'

export interface Thread { worker: number, size: number, random: (purpose: string, ...keys: number[]) => RandomStream }

/** @returns what obeys the order of a round */
export function openShare (
  { family: familySpec, solver }: SolvingSpec, block: Block, { worker, size, random }: Thread
): { work: () => void, close: () => void } {
  const family = openFamily(familySpec)
  const pointOf = new Map(curveSteps(solver.steps).map((step, point) => [step, point]))
  let open: { run: BatchRun, from: number, made: number, close: () => void } | undefined

  function begin (order: Order): void {
    close()
    const from = Math.floor(order.count * worker / size)
    const to = Math.floor(order.count * (worker + 1) / size)
    if (from === to) return
    const instances = { count: to - from, data: block.instances.subarray(from * family.instanceSize, to * family.instanceSize) }
    const objective = family.open(instances)
    const run = openBatch(objective, solver, block.starts.subarray(from * family.size, to * family.size), {
      directions: (i, step) => directionsOf(order, from + i, step),
      resume: order.mode === RESUME ? saveRows(block.state, from, to) : undefined
    })
    open = { run, from, made: order.made, close: () => { objective.close?.() } }
    if (order.mode !== BEGIN) return
    block.initials.set(run.values, from)
    note(order)
  }

  function directionsOf ({ first, runs, from, purpose }: Order, row: number, step: number): RandomStream {
    return random(purpose, from + Math.floor((first + row) / runs), (first + row) % runs, step)
  }

  /** Writes the point of the curve that is now, if there is one. */
  function note ({ curve }: Order): void {
    const { run, from, made } = open!
    const point = pointOf.get(made)
    if (curve && point !== undefined) block.curve.set(run.values, point * block.capacity + from)
  }

  function advance (order: Order): void {
    const { run, from } = open!
    const to = Math.min(open!.made + order.steps, solver.steps)
    while (open!.made < (run.done ? solver.steps : to)) { // the rest of a curve stays as it is
      run.advance(1)
      open!.made++
      note(order)
    }
    restoreRows(block.state, run.save(), from)
  }

  function close (): void {
    open?.close()
    open = undefined
  }

  return {
    work () {
      const order = readOrder(block.order)
      if (order.mode !== GO_ON) begin(order)
      if (open !== undefined) advance(order)
    },
    close
  }
}
