/**
 * Opens the solving of tasks: blocks of rows, one after the other, each for so many steps a round. Next hops: block.ts has what
 * threads share, share.ts what each of them does, ends.ts what is kept.
 */
import { prefix, unprefix } from '../../../math/arrays.js'
import type { Crew, SnapshotState } from '../../contract.js'
import type { Family } from '../families/family.js'
import { openFamily } from '../families/index.js'
import { costOf, createBlock, fillBlock, haveStopped, restoreBlock, saveBlock, WORK, type Block } from './block.js'
import { createEnds, restoreEnds, saveEnds, takeEnds } from './ends.js'
import { BEGIN, giveOrder, GO_ON, RESUME, type Order } from './orders.js'
import { openShare } from './share.js'
import { curveSteps, type Solving, type SolvingContext, type SolvingSpec, type SolvingTask, type TaskRun } from './solving.js'

/** What tasks are solved with. */
interface Desk { spec: SolvingSpec, family: Family, block: Block, threads: number, work: number, round: (order: Order) => void }

/** Opens it, with its crew. */
export function openSolving (spec: SolvingSpec, { random, crew, work = WORK }: SolvingContext): Solving {
  const threads = crew?.size ?? 1
  const family = openFamily(spec.family)
  const block = createBlock(family, spec.solver, threads)
  const entry = { module: new URL('./member.js', import.meta.url).href, export: 'solveShares' }
  const members: Crew | undefined = threads > 1 ? crew!.open(threads, entry, { spec, block }) : undefined
  const share = openShare(spec, block, { worker: 0, size: threads, random })

  function round (order: Order): void {
    giveOrder(block.order, order)
    share.work()
    members?.barrier()
  }

  return {
    begin: (task, resume) => beginTask({ spec, family, block, threads, work, round }, task, resume),
    close: share.close
  }
}

function beginTask (
  { spec: { solver }, family, block, threads, work, round }: Desk, task: SolvingTask, resume: SnapshotState | undefined
): TaskRun {
  const { instances, runs, starts, from = 0, purpose, wants: { curve = false } = {} } = task
  const rows = instances.count * runs
  const ends = createEnds(task, family.size, curveSteps(solver.steps).length)
  /** the block that is worked on: its first row, how many it has (0: it is to be filled), steps that were made of them */
  let first = 0
  let count = 0
  let made = 0
  let mode: Order['mode'] = BEGIN

  if (resume !== undefined) {
    restoreEnds(ends, unprefix('ends/', resume.arrays))
    first = resume.values['first'] as number
    made = resume.values['made'] as number
    load(resume.values['count'] as number)
    if (count > 0) restoreBlock(block, unprefix('block/', resume.arrays))
    mode = RESUME
  }

  /** Copies the next rows into the block. */
  function load (rows: number): void {
    count = rows
    fillBlock(block, { first, count, runs, size: family.size, instanceSize: family.instanceSize }, instances, starts)
  }

  /** One round. @returns numbers that a thread has touched */
  function advance (): number {
    if (count === 0) {
      load(Math.min(block.capacity, rows - first))
      made = 0
      mode = BEGIN
    }
    const cost = costOf(family, solver) * Math.ceil(count / threads)
    const steps = Math.min(solver.steps - made, Math.max(1, Math.floor(work / cost)))
    round({ mode, count, steps, made, first, runs, from, curve, purpose })
    made += steps
    mode = GO_ON
    if (made === solver.steps || haveStopped(block, count)) {
      takeEnds(ends, block, { first, count, runs })
      first += count
      count = 0
    }
    return cost * steps
  }

  return {
    get done () { return first === rows },
    get progress () { return { done: first * solver.steps + count * made, of: rows * solver.steps } },
    advance () { for (let touched = 0; touched < work && first < rows;) touched += advance() },
    save: () => ({
      arrays: { ...prefix('ends/', saveEnds(ends)), ...(count > 0 && prefix('block/', saveBlock(block, count, curve))) },
      values: { first, count, made }
    }),
    ends
  }
}
