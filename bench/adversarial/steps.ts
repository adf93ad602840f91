/**
 * The training half of `bench:adversarial`: steps of gradient descent adversarial training over all points beside NumPy with
 * BLAS, both in Float64 on one thread, from the same points to the same weights, taking turns.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openStream } from '../../src/math/random.js'
import { openPoints } from '../../src/algorithms/adversarial-bias/linear/points.js'
import { createAdversarialDescent } from '../../src/optimizers/rows/adversarial-descent.js'
import { denseRows } from '../../src/optimizers/rows/dense.js'
import { sparseRows } from '../../src/optimizers/rows/sparse.js'
import type { StoredRows } from '../../src/optimizers/rows.js'
import { projectRoot } from '../../src/paths.js'
import { summarise, type Case } from '../record.js'
import { openSide, type Side } from '../side.js'

/** What both sides run. */
interface Request { file: string, dimensions: number, radius: number, steps: number, learningRate: number }
interface Answer { ms: number, w: number[] }
type Peer = Side<Request, Answer>

interface Measured {
  name: string
  rows: StoredRows
  /** the same in Float64, of sparse ones */
  dense?: StoredRows
  radius: number
  steps: number
  learningRate: number
  /** most that ours / peer may be */
  aim: number
}

const REPETITIONS = 5
const oneThread = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' }
/** Of how many rows MNIST's 2 and 9 are, how many of their pixels are ever lit, and how many are in one. */
const digits = { count: 11_907, dimensions: 657, lit: 0.24 }

/**
 * Measures cases.
 * @param python of the peers' environment; null: only ours
 * @param isWanted by the name of a case
 * @returns cases, and versions of what it compares with
 */
export async function measureSteps (
  python: string | null, isWanted: (name: string) => boolean
): Promise<{ cases: Case[], versions: Record<string, string> }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'adversarial-'))
  const peer = python === null ? undefined : await openSide<Request, Answer>(python, [path.join(projectRoot, 'bench/adversarial/steps.py')], oneThread)
  try {
    const cases: Case[] = []
    for (const one of measured().filter(({ name }) => isWanted(name))) cases.push(await compare(one, path.join(folder, 'points'), peer))
    return { cases, versions: { ...peer?.hello } }
  } finally {
    peer?.close()
    rmSync(folder, { recursive: true })
  }
}

function measured (): Measured[] {
  const forty = openPoints({ type: 'forty' }, { random: (purpose, ...keys) => openStream(0, purpose, ...keys), data: {} })
  const small = { rows: forty, steps: 20_000, learningRate: 0.05, aim: 1 / 10 }
  return [
    { name: 'training 40 x 2, clean', ...small, radius: 0 },
    { name: 'training 40 x 2, l2 of 0.9 gamma', ...small, radius: 0.9 },
    { name: `training ${digits.count} x ${digits.dimensions} bytes, l2`, ...digitLike(), radius: 0.01, steps: 20, learningRate: 0.1, aim: 1 }
  ]
}

/** Bytes in runs, as strokes are: two in three blocks of four are 0. */
function digitLike (): { rows: StoredRows, dense: StoredRows } {
  const { count, dimensions, lit } = digits
  const stream = openStream(0, 'digits')
  const bytes = new Uint8Array(count * dimensions)
  for (let at = 0; at < bytes.length;) {
    const run = 1 + stream.integer(12)
    const isLit = stream.uniform() < lit
    for (let k = 0; k < run && at < bytes.length; k++, at++) if (isLit) bytes[at] = 1 + stream.integer(255)
  }
  const signs = Int8Array.from({ length: count }, (_, i) => i % 2 === 0 ? 1 : -1)
  const values = Float64Array.from(bytes, (byte, k) => signs[Math.floor(k / dimensions)]! * byte / 255)
  return { rows: sparseRows(bytes, dimensions, { signs, scale: 1 / 255 }), dense: denseRows(values, dimensions) }
}

async function compare (one: Measured, file: string, peer: Peer | undefined): Promise<Case> {
  const { name, rows, dense, radius, steps, learningRate, aim } = one
  const request = { file, dimensions: rows.dimensions, radius, steps, learningRate }
  if (peer !== undefined) writeFileSync(file, bytesOf(dense ?? rows))
  const times = { ours: [] as number[], dense: [] as number[], peer: [] as number[] }
  // once before, so that everything is compiled and in the caches
  for (let i = -1; i < REPETITIONS; i++) {
    const ours = train(rows, one)
    const stored = dense && train(dense, one)
    const theirs = await peer?.ask(request)
    if (theirs !== undefined) check(name, ours.w, theirs.w)
    if (i < 0) continue
    times.ours.push(ours.ms)
    if (stored !== undefined) times.dense.push(stored.ms)
    if (theirs !== undefined) times.peer.push(theirs.ms)
  }
  const perStep = (times: number[]) => summarise(times.map(ms => ms / steps * 1000))
  return {
    name,
    unit: 'µs/step',
    better: 'lower',
    ours: perStep(times.ours),
    peer: peer === undefined ? null : { name: 'NumPy', ...perStep(times.peer) },
    ...(dense === undefined ? {} : { also: { 'ours, rows of Float64': perStep(times.dense) } }),
    aim: peer === undefined ? null : aim
  }
}

function train (rows: StoredRows, { radius, steps, learningRate }: Measured): Answer {
  const descent = createAdversarialDescent(rows, { ball: { q: 2, radius }, loss: 'exponential', learningRate })
  const started = performance.now()
  descent.descend({ at: 0, end: rows.count, batch: rows.count }, steps)
  const ms = performance.now() - started
  const w = [...descent.w]
  descent.close()
  return { ms, w }
}

function bytesOf ({ storage }: StoredRows): Uint8Array {
  if (storage.form !== 'dense') throw new Error('Only rows of Float64 are written')
  const { buffer, byteOffset, byteLength } = storage.values
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** Both sides shall come to the same weights. */
function check (name: string, ours: number[], theirs: number[]): void {
  const size = Math.hypot(...theirs)
  const apart = Math.hypot(...ours.map((value, k) => value - theirs[k]!))
  if (!(apart <= 1e-9 * size)) throw new Error(`${name}: weights of both sides differ by ${apart}, of ${size}`)
}
