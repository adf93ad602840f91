/**
 * The solver's half of `bench:adversarial`: the direction of largest l2 margin beside CVXPY (Clarabel) and scikit-learn's LinearSVC
 * (liblinear), one thread each, taking turns. What a direction is worth is its margin over all points below the bound that our
 * dual proves (theirs have no proof of their own): a side is measured at the first of its tolerances that brings that gap to 1e-8.
 * The quickest that reaches the gap is what ours is compared with. CVXPY takes minutes for thousands of digits and is stopped after
 * two of them; where nobody has reached the gap by then, ours is held against the time that they had.
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

interface Request { library: Library, file: string, dimensions: number, tolerance: number, iterations: number, seconds: number }
type Library = 'cvxpy' | 'liblinear'
/** `isEnded`: it was stopped, and no smaller tolerance would change it. */
type Peer = Side<Request, { ms: number, w: number[], isEnded: boolean }>

interface Measured {
  name: string
  rows: Rows
  /** the same by rows */
  values: Float64Array
  /** how often ours solves it before it is measured, so that all is compiled that will be */
  before: number
  repetitions: number
  /** most passes of liblinear over all points */
  iterations: number
}
/** A direction found: how long that took, and how far its margin is below the bound. */
interface Found { ms: number, gap: number }

const GAP = 1e-8
/** that CVXPY may take for a direction */
const SECONDS = 120
const tolerances: Record<Library, number[]> = { cvxpy: [1e-8, 1e-10, 1e-12], liblinear: [1e-4, 1e-6, 1e-8, 1e-10] }
const labels: Record<Library, string> = { cvxpy: 'CVXPY', liblinear: 'LinearSVC' }
const oneThread = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1', RAYON_NUM_THREADS: '1' }
const mnist = path.resolve(projectRoot, '../shared/data/mnist')

/**
 * Measures cases.
 * @param python of the peers' environment; null: only ours
 * @param isWanted by the name of a case
 * @returns cases, and versions of what it compares with
 */
export async function measureSolver (
  python: string | null, isWanted: (name: string) => boolean
): Promise<{ cases: Case[], versions: Record<string, string> }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'margins-'))
  const peer: Peer | undefined = python === null
    ? undefined
    : await openSide(python, [path.join(projectRoot, 'bench/adversarial/solver.py')], oneThread)
  try {
    const cases: Case[] = []
    for (const { name, make } of measured()) if (isWanted(name)) cases.push(await compare(make(), path.join(folder, name), peer))
    return { cases, versions: { ...peer?.hello } }
  } finally {
    peer?.close()
    rmSync(folder, { recursive: true })
  }
}

/** The cases, whose points are made when they are wanted. */
function measured (): { name: string, make: () => Measured }[] {
  const cases = [{ name: 'largest margin, 2000 x 50, normal', make: normalPoints }]
  return existsSync(mnist) ? [...cases, { name: 'largest margin, MNIST 2 against 9', make: twoAgainstNine }] : cases
}

function normalPoints (): Measured {
  const random = openStream(0, 'margins')
  const dimensions = 50
  const values = Float64Array.from({ length: 2000 * dimensions }, (_, at) => random.normal() + (at % dimensions === 0 ? 5 : 0))
  return { name: 'largest margin, 2000 x 50, normal', rows: denseRows(values, dimensions), values, before: 50, repetitions: 9, iterations: 100_000 }
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
  return { name: `largest margin, MNIST 2 against 9, ${chosen.length} x ${live.length}`, rows, values, before: 0, repetitions: 1, iterations: 20_000 }
}

async function compare (one: Measured, file: string, peer: Peer | undefined): Promise<Case> {
  const { name, rows, values, before, repetitions } = one
  if (peer !== undefined) writeFileSync(file, new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  for (let i = 0; i < before; i++) solve(rows)
  const ours: Found[] = []
  const theirs: Record<Library, Found[]> = { cvxpy: [], liblinear: [] }
  for (let i = 0; i < repetitions; i++) {
    const { bound, ...found } = solve(rows)
    ours.push(found)
    say(name, 'ours', found)
    if (peer === undefined) continue
    for (const library of ['cvxpy', 'liblinear'] as const) {
      const answer = await ask(peer, library, one, file, bound)
      theirs[library].push(answer)
      say(name, labels[library], answer)
    }
  }
  const timing = (found: Found[]) => summarise(found.map(({ ms }) => ms))
  const sides = Object.entries(theirs).filter(([, found]) => found.length > 0).map(([library, found]) => {
    const gap = Math.max(...found.map(({ gap }) => gap))
    const label = labels[library as Library]
    return { name: gap <= GAP ? label : `${label}, stopped at a gap of ${gap.toPrecision(2)}`, gap, ...timing(found) }
  })
  const there = sides.filter(({ gap }) => gap <= GAP)
  // nobody is there: the one that was stopped first would have taken longer than that
  const [quickest] = (there.length > 0 ? there : sides).sort((a, b) => a.min - b.min)
  const others = sides.filter(side => side !== quickest).map(({ name, gap: _, ...times }) => [name, times])
  return {
    name,
    unit: 'ms',
    better: 'lower',
    ours: timing(ours),
    peer: quickest === undefined ? null : { name: quickest.name, min: quickest.min, median: quickest.median },
    ...(peer === undefined ? {} : { also: Object.fromEntries(others) }),
    aim: quickest === undefined ? null : 1
  }
}

function say (name: string, side: string, { ms, gap }: Found): void {
  process.stdout.write(`${name}, ${side}: ${(ms / 1000).toPrecision(3)} s, gap ${gap.toPrecision(2)}\n`)
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
    const { ms, w, isEnded } = await peer.ask({ library, file, dimensions: rows.dimensions, tolerance, iterations, seconds: SECONDS })
    const products = new Float64Array(rows.count)
    rows.multiply(Float64Array.from(w), products)
    const margin = products.reduce((least, value) => Math.min(least, value), Infinity) / Math.hypot(...w)
    found = { ms, gap: (bound - margin) / bound }
    if (found.gap <= GAP || isEnded) break
  }
  return found!
}
