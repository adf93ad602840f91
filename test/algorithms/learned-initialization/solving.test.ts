/** Solving many starts: crews, blocks and interruptions change nothing, and ends are those of a plain loop over rows. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openFamily } from '../../../src/algorithms/learned-initialization/families/index.js'
import type { FamilySpec } from '../../../src/algorithms/learned-initialization/families/spec.js'
import type { SolverSpec } from '../../../src/algorithms/learned-initialization/solver-spec.js'
import { openSolving } from '../../../src/algorithms/learned-initialization/solving/open.js'
import { curveSteps, type Ends, type SolvingTask } from '../../../src/algorithms/learned-initialization/solving/solving.js'
import type { SnapshotState } from '../../../src/algorithms/contract.js'
import { openStream, type RandomStream } from '../../../src/math/random.js'
import { openBatch } from '../../../src/optimizers/batched/open.js'
import { stopReasons } from '../../../src/optimizers/batched/solver.js'
import { openTestCrews } from '../../helpers/crew.js'
import { fingerprint } from '../../helpers/drive.js'

const family: FamilySpec = { type: 'sum-rate', users: 3, noise: 0.1, power: 1, variable: 'logit' }
const seed = 5
const random = (purpose: string, ...keys: number[]): RandomStream => openStream(seed, purpose, ...keys)
const gradient: SolverSpec = { type: 'gradient', learningRate: 2, momentum: 0, steps: 30, tolerance: 1e-2 }
const queries: SolverSpec = { type: 'zeroth-order', learningRate: 0.5, momentum: 0.5, samples: 3, smoothing: 1e-3, steps: 20, budget: 60, tolerance: 0 }

function makeTask (instances: number, runs: number): SolvingTask {
  const { sample, start } = openFamily(family)
  return {
    instances: sample(instances, random('instances')),
    runs,
    starts: start(instances * runs, random('starts')),
    purpose: 'directions',
    from: 7,
    wants: { curve: true, runs: true }
  }
}

interface Way { crew?: number, saveAt?: number }

/** Solves it; where it is asked for in single steps, and on from a copy that was saved after so many. */
async function solve (solver: SolverSpec, task: SolvingTask, { crew: size = 1, saveAt = 0 }: Way = {}): Promise<Ends> {
  const { crew: open, close } = openTestCrews({ seed, slots: size })
  const solving = openSolving({ family, solver }, { random, crew: { open, size }, ...(saveAt > 0 && { work: 1 }) })
  let run = solving.begin(task)
  let saved: SnapshotState | undefined
  for (let round = 1; !run.done; round++) {
    run.advance()
    if (round !== saveAt) continue
    saved = structuredClone(run.save())
    assert.ok(!run.done && run.progress.done % solver.steps !== 0)
    while (!run.done) run.advance()
    run = solving.begin(task, saved)
  }
  assert.equal(run.progress.done, run.progress.of)
  solving.close()
  await close()
  return run.ends
}

/** The best of each instance's rows, each solved alone. */
function solveOneByOne (solver: SolverSpec, { instances, runs, starts, from = 0 }: SolvingTask): number[] {
  const opened = openFamily(family)
  return Array.from({ length: instances.count }, (_, i) => {
    const data = instances.data.subarray(i * 9, (i + 1) * 9)
    return Math.min(...Array.from({ length: runs }, (_, run) => {
      const row = (i * runs + run) * 3
      const batch = openBatch(opened.open({ count: 1, data }), solver, starts.subarray(row, row + 3), {
        directions: (_, step) => random('directions', from + i, run, step)
      })
      batch.advance(Infinity)
      return batch.best.values[0]!
    }))
  })
}

for (const solver of [gradient, queries]) {
  test(`openSolving: ${solver.type}, the best of rows that are solved alone, to the bit`, async () => {
    const task = makeTask(150, 4) // three blocks
    const ends = await solve(solver, task)
    assert.deepEqual([...ends.values], solveOneByOne(solver, task))
    const each = Array.from({ length: 150 }, (_, i) => Math.min(...ends.each!.values.subarray(4 * i, 4 * i + 4)))
    assert.deepEqual([...ends.values], each)
    ends.values.forEach((value, i) => { assert.equal(value, ends.each!.values[4 * i + ends.runs[i]!]) })
  })

  test(`openSolving: ${solver.type}, a crew of two and an interruption change nothing`, async () => {
    const task = makeTask(300, 2)
    const alone = fingerprint(await solve(solver, task))
    assert.equal(fingerprint(await solve(solver, task, { crew: 2 })), alone)
    assert.equal(fingerprint(await solve(solver, task, { saveAt: 27 })), alone)
  })
}

test('openSolving: more threads than rows', async () => {
  const task = makeTask(1, 2)
  assert.equal(fingerprint(await solve(gradient, task, { crew: 4 })), fingerprint(await solve(gradient, task)))
})

test('openSolving: curves begin at the best start, end at or above the best state, and stay where all have stopped', async () => {
  const { curve, initials, values, reasons } = await solve({ ...gradient, tolerance: 0.1 }, makeTask(40, 3))
  const points = curveSteps(30).length
  assert.equal(curve!.length, points * 40)
  assert.deepEqual([...curve!.subarray(0, 40)], [...initials])
  assert.ok([...curve!.subarray(-40)].every((value, i) => value >= values[i]!))
  assert.ok([...reasons].some(reason => stopReasons[reason] === 'converged'))
  assert.ok(curve!.every(Number.isFinite))
})

test('curveSteps: every step, or 1001 of them', () => {
  assert.deepEqual(curveSteps(3), [0, 1, 2, 3])
  const many = curveSteps(100_000)
  assert.deepEqual([many.length, many[0], many[1], many.at(-1)], [1001, 0, 100, 100_000])
})
