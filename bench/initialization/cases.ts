/** 60 steps of gradient ascent for each of 2,000 channels of 10 users: one thread, and a crew of two, beside NumPy on one thread. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openFamily } from '../../src/algorithms/learned-initialization/families/index.js'
import type { FamilySpec } from '../../src/algorithms/learned-initialization/families/spec.js'
import type { SolverSpec } from '../../src/algorithms/learned-initialization/solver-spec.js'
import { openSolving } from '../../src/algorithms/learned-initialization/solving/open.js'
import type { Solving, SolvingTask } from '../../src/algorithms/learned-initialization/solving/solving.js'
import { openStream } from '../../src/math/random.js'
import { openTestCrews } from '../../test/helpers/crew.js'
import { summarise, type Case } from '../record.js'
import { openPeer } from '../side.js'

/** Both sides get the same channels and starts, and answer with the sum of the rates that they come to. */
interface Request { file: string, count: number, users: number, noise: number, steps: number, learningRate: number }
interface Answer { ms: number, rate: number }

const count = 2000
const users = 10
const noise = 0.1
const steps = 60
const learningRate = 2
const REPETITIONS = 9
const family: FamilySpec = { type: 'sum-rate', users, noise, power: 1, variable: 'logit' }
const solver: SolverSpec = { type: 'gradient', learningRate, momentum: 0, steps, tolerance: 0 }
const crews = [{ size: 1, aim: 1 / 2.5 }, { size: 2, aim: 1 / 5 }]
const oneThread = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' }

/** @returns cases, and versions of what it compares with */
export async function measureSolving (): Promise<{ cases: Case[], versions: Record<string, string> }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'initialization-'))
  const file = path.join(folder, 'channels')
  const task = makeTask()
  writeFileSync(file, Buffer.concat([task.instances.data, task.starts].map(({ buffer }) => Buffer.from(buffer))))
  const peer = await openPeer<Request, Answer>('initialization/peer.py', 'NumPy', oneThread)
  const threads = openTestCrews({ seed: 0, slots: 2 })
  const random = openStream.bind(undefined, 0)
  const solvings = crews.map(({ size }) => openSolving({ family, solver }, { random, crew: { open: threads.crew, size } }))
  const times = { ours: crews.map((): number[] => []), peer: [] as number[] }
  try {
    // once before, so that everything is compiled and in the caches
    for (let i = -1; i < REPETITIONS; i++) {
      const ours = solvings.map(solving => solve(solving, task))
      const theirs = await peer?.ask({ file, count, users, noise, steps, learningRate })
      ours.forEach(({ rate }) => { check(rate, theirs?.rate ?? rate) })
      if (i < 0) continue
      ours.forEach(({ ms }, k) => times.ours[k]!.push(ms))
      if (theirs !== undefined) times.peer.push(theirs.ms)
    }
  } finally {
    solvings.forEach(solving => { solving.close() })
    await threads.close()
    peer?.close()
    rmSync(folder, { recursive: true })
  }
  const cases = crews.map(({ size, aim }, k): Case => ({
    name: `${users} users, ${steps} steps, ${size === 1 ? 'one thread' : `a crew of ${size}`}`,
    unit: 'µs/instance',
    better: 'lower',
    ours: summarise(times.ours[k]!.map(perInstance)),
    peer: peer === undefined ? null : { name: 'NumPy, one thread', ...summarise(times.peer.map(perInstance)) },
    also: {
      'ours, instances/s': summarise(times.ours[k]!.map(perSecond)),
      ...(peer !== undefined && { 'NumPy, instances/s': summarise(times.peer.map(perSecond)) })
    },
    aim: peer === undefined ? null : aim
  }))
  return { cases, versions: { ...peer?.hello } }
}

function makeTask (): SolvingTask {
  const { sample, start } = openFamily(family)
  return { instances: sample(count, openStream(0, 'instances')), runs: 1, starts: start(count, openStream(0, 'starts')), purpose: 'directions' }
}

function solve (solving: Solving, task: SolvingTask): Answer {
  const started = performance.now()
  const run = solving.begin(task)
  while (!run.done) run.advance()
  return { ms: performance.now() - started, rate: -run.ends.values.reduce((sum, value) => sum + value, 0) }
}

const perInstance = (ms: number): number => ms / count * 1000
const perSecond = (ms: number): number => count / ms * 1000

/** Both sides shall come to the same rates. */
function check (ours: number, theirs: number): void {
  if (!(Math.abs(ours - theirs) <= 1e-7 * theirs)) throw new Error(`Sums of rates differ: ${ours} and ${theirs}`)
}
