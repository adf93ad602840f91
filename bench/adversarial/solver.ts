/**
 * The solver's half of `bench:adversarial`: the direction of largest l2 margin beside CVXPY (Clarabel) and scikit-learn's LinearSVC
 * (liblinear), one thread each, taking turns. What a direction is worth is its margin over all points below the bound that our
 * dual proves: a side is measured at the first of its tolerances that brings that gap to 1e-8, and at the last where none does.
 * The quickest that reaches the gap is what ours is compared with.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openStream } from '../../src/math/random.js'
import { largestMargin } from '../../src/optimizers/margin.js'
import { denseRows } from '../../src/optimizers/rows/dense.js'
import { sparseRows } from '../../src/optimizers/rows/sparse.js'
import type { Rows } from '../../src/optimizers/rows.js'
import { projectRoot } from '../../src/paths.js'
import { summarise, type Case } from '../record.js'
import { openSide, type Side } from '../side.js'
import { readIdx } from '../training/idx.js'

interface Request { library: Library, file: string, dimensions: number, tolerance: number, iterations: number }
type Library = 'cvxpy' | 'liblinear'
/** `isEnded`: no smaller tolerance would change it. */
type Peer = Side<Request, { ms: number, w: number[], isEnded: boolean }>

interface Measured {
  name: string
  rows: Rows
  /** the same by rows */
  values: Float64Array
  repetitions: number
  /** most passes of liblinear over all points */
  iterations: number
}
/** A direction found: how long it took, and how far its margin is below the bound. */
interface Found { ms: number, gap: number }

const GAP = 1e-8
const tolerances: Record<Library, number[]> = { cvxpy: [1e-8, 1e-10, 1e-12], liblinear: [1e-4, 1e-6, 1e-8, 1e-10] }
const labels: Record<Library, string> = { cvxpy: 'CVXPY', liblinear: 'LinearSVC' }
const oneThread = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1', RAYON_NUM_THREADS: '1' }
const mnist = path.resolve(projectRoot, '../shared/data/mnist')

/** Measures all cases. @param python  of the peers' environment; null: only ours @returns cases, and versions of what it compares with */
export async function measureSolver (python: string | null): Promise<{ cases: Case[], versions: Record<string, string> }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'margins-'))
  const peer: Peer | undefined = python === null
    ? undefined
    : await openSide(python, [path.join(projectRoot, 'bench/adversarial/solver.py')], oneThread)
  try {
    const cases: Case[] = []
    for (const one of measured()) cases.push(await compare(one, path.join(folder, one.name), peer))
    return { cases, versions: { ...peer?.hello } }
  } finally {
    peer?.close()
    rmSync(folder, { recursive: true })
  }
}

function measured (): Measured[] {
  const random = openStream(0, 'margins')
  const dimensions = 50
  const values = Float64Array.from({ length: 2000 * dimensions }, (_, at) => random.normal() + (at % dimensions === 0 ? 5 : 0))
  const normal = { name: '2000 x 50, normal', rows: denseRows(values, dimensions), values, repetitions: 3, iterations: 100_000 }
  return existsSync(mnist) ? [normal, twoAgainstNine()] : [normal]
}

/** MNIST's 2 as +1 and 9 as -1, without the pixels that are 0 in all of them. */
function twoAgainstNine (): Measured {
  const { inputs, labels, count } = readIdx(mnist, 'train')
  const size = inputs.length / count
  const chosen = Array.from({ length: count }, (_, i) => i).filter(i => labels[i] === 2 || labels[i] === 9)
  const live = Array.from({ length: size }, (_, k) => k).filter(k => chosen.some(i => inputs[i * size + k] !== 0))
  const bytes = Uint8Array.from(chosen.flatMap(i => live.map(k => inputs[i * size + k]!)))
  const signs = Int8Array.from(chosen, i => labels[i] === 2 ? 1 : -1)
  const values = Float64Array.from(bytes, (byte, at) => signs[Math.floor(at / live.length)]! * byte / 255)
  const rows = sparseRows(bytes, live.length, { signs, scale: 1 / 255 })
  return { name: `MNIST 2 against 9, ${chosen.length} x ${live.length}`, rows, values, repetitions: 1, iterations: 20_000 }
}

async function compare (one: Measured, file: string, peer: Peer | undefined): Promise<Case> {
  const { name, rows, values, repetitions } = one
  if (peer !== undefined) writeFileSync(file, new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  const { bound } = solve(rows) // once before, so that everything is compiled
  const runs: Record<Library | 'ours', Found[]> = { ours: [], cvxpy: [], liblinear: [] }
  for (let i = 0; i < repetitions; i++) {
    runs.ours.push(solve(rows))
    if (peer === undefined) continue
    for (const library of ['cvxpy', 'liblinear'] as const) runs[library].push(await ask(peer, library, one, file, bound))
  }
  for (const [side, found] of Object.entries(runs)) {
    if (found.length > 0) process.stdout.write(`${name}, ${side}: ${(found[0]!.ms / 1000).toFixed(2)} s, gap ${found[0]!.gap.toPrecision(2)}\n`)
  }
  const timing = (found: Found[]) => summarise(found.map(({ ms }) => ms))
  const { ours: _, ...theirs } = runs
  const sides = Object.entries(theirs).filter(([, found]) => found.length > 0).map(([library, found]) =>
    ({ name: labels[library as Library], gap: Math.max(...found.map(({ gap }) => gap)), ...timing(found) }))
  const [quickest] = sides.filter(({ gap }) => gap <= GAP).sort((a, b) => a.min - b.min)
  const others = sides.filter(side => side !== quickest).map(({ name, gap, ...times }) => [`${name}, gap ${gap.toPrecision(2)}`, times])
  return {
    name: `largest margin, ${name}`,
    unit: 'ms',
    better: 'lower',
    ours: timing(runs.ours),
    peer: quickest === undefined ? null : { name: quickest.name, min: quickest.min, median: quickest.median },
    ...(peer === undefined ? {} : { also: Object.fromEntries(others) }),
    aim: quickest === undefined ? null : 1
  }
}

function solve (rows: Rows): Found & { bound: number } {
  const started = performance.now()
  const found = largestMargin(rows)
  const ms = performance.now() - started
  if (!found.separable || !(found.gap <= GAP)) throw new Error(`The points must be separated with a gap of ${GAP}, got ${JSON.stringify(found)}`)
  return { ms, gap: found.gap, bound: found.bound }
}

async function ask (peer: Peer, library: Library, { rows, iterations }: Measured, file: string, bound: number): Promise<Found> {
  let found: Found | undefined
  for (const tolerance of tolerances[library]) {
    const { ms, w, isEnded } = await peer.ask({ library, file, dimensions: rows.dimensions, tolerance, iterations })
    const products = new Float64Array(rows.count)
    rows.multiply(Float64Array.from(w), products)
    const margin = products.reduce((least, value) => Math.min(least, value), Infinity) / Math.hypot(...w)
    found = { ms, gap: (bound - margin) / bound }
    if (found.gap <= GAP || isEnded) break
  }
  return found!
}
