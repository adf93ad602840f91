/**
 * Gradient descent based adversarial training of a linear classifier (Li, Fang, Xu, Zhao, ICLR 2020, arXiv 1906.02931,
 * Algorithm 1) on points z = y x, in Float64, from w = 0:
 *
 *   delta = argmax over |delta|_q <= c of loss((z_i + delta) . w) = -c s,  s in the subgradient of |.|_p at w, 1/p + 1/q = 1
 *   w <- w - eta (1/n) sum_i grad loss((z_i + delta) . w) = w + (eta / n) sum_i weight_i (z_i + delta)
 *
 * with weight = exp(-m) of the exponential loss, 1 / (1 + exp(m)) of the logistic one, m = z_i . w - c |w|_p. At w = 0 delta
 * is 0. One pass over the rows is a step; the loops are in assembly/.
 */
import { dualOf } from '../../math/norms.js'
import { align } from '../../math/web-assembly.js'
import type { Ball } from '../margin.js'
import type { Storage, StoredRows } from '../rows.js'
import { borrowKernels, returnKernels } from './kernels.js'

export interface DescentOptions {
  /** of the perturbations; q from 1 to Infinity */
  ball: Ball
  loss: 'exponential' | 'logistic'
  /** eta, of the mean loss */
  learningRate: number
}

export interface AdversarialDescent {
  /** of this and of the next two views: the descent's own memory, until it is closed; [dimensions] */
  readonly w: Float64Array
  /** sum of weight_i z_i over the rows that were gathered */
  readonly gradient: Float64Array
  /** how often each number of w has come to 0, or through it, since they were last set to 0 */
  readonly crossings: Int32Array
  /** c, from the next step on. Only between steps. */
  radius: number
  /** sum of weight_i over the rows that were gathered */
  weightSum: number
  /** whether crossings are counted */
  counting: boolean
  /** Rows of the passes from now on; undefined: all as they lie. @param order [at most count] */
  setOrder (order: Uint32Array | undefined): void
  /**
   * Takes whole steps of `batch` rows each from place `at` of the pass on. The last step of a pass, of `end` rows, takes what is
   * left; then the same pass begins anew.
   */
  descend (pass: { at: number, end: number, batch: number }, steps: number): void
  /** Begins a step that is taken in parts: finds the perturbation. After a snapshot w gives it again, and sums are set anew. */
  begin (): void
  /** Adds rows `from` .. `to` of the pass to the sums. */
  gather (from: number, to: number): void
  /** Moves w by the mean over `count` rows. */
  finish (count: number): void
  /** Gives the memory back. */
  close (): void
}

const forms = ['dense', 'sparse'] as const satisfies Storage['form'][]
const losses = ['exponential', 'logistic'] as const
/** of assembly/norms.ts */
const normKinds = new Map([[Infinity, 0], [1, 1], [2, 2]])
const OTHER_NORM = 3
/** What a chunk of rows may take, in bytes: half of a first cache. */
const CHUNK_BYTES = 16 * 1024
const MOST_ROWS = 128

/** Opens a training at w = 0, on a copy of the rows in a memory of its own. */
export function createAdversarialDescent (rows: StoredRows, { ball, loss, learningRate }: DescentOptions): AdversarialDescent {
  const kernels = borrowKernels()
  const { dimensions, count } = rows
  const stride = Math.ceil(dimensions / 4) * 4
  const chunk = rowsOfChunk(rows)
  const place = createPlaces(kernels.heapBase())
  const points = place(7 * 4)
  const descent = place(5 * 8 + 9 * 4)
  const w = place(stride * 8)
  const gradient = place(stride * 8)
  const perturbation = place(stride * 8)
  const margins = place(chunk * 8)
  const crossings = place(stride * 4)
  const order = place(count * 4)
  const stored = placeRows(rows, place)
  kernels.reserve(place(0))
  const { buffer } = kernels.memory
  new Uint8Array(buffer, w, order - w).fill(0)
  stored.fill(buffer)
  new Int32Array(buffer, points, 7).set([forms.indexOf(rows.storage.form), stride, ...stored.fields])
  const p = dualOf(ball.q)
  const numbers = new Float64Array(buffer, descent, 5) // radius, rate, p, shift, weightSum
  numbers.set([ball.radius, learningRate, p, 0, 0])
  const words = new Int32Array(buffer, descent + 5 * 8, 9) // loss, norm, chunk, order, w, gradient, perturbation, margins, crossings
  words.set([losses.indexOf(loss), normKinds.get(p) ?? OTHER_NORM, chunk, 0, w, gradient, perturbation, margins, 0])
  return {
    w: new Float64Array(buffer, w, dimensions),
    gradient: new Float64Array(buffer, gradient, dimensions),
    crossings: new Int32Array(buffer, crossings, dimensions),
    get radius () { return numbers[0]! },
    set radius (radius) { numbers[0] = radius },
    get weightSum () { return numbers[4]! },
    set weightSum (sum) { numbers[4] = sum },
    get counting () { return words[8] !== 0 },
    set counting (isCounting) { words[8] = isCounting ? crossings : 0 },
    setOrder (rows) {
      if (rows) new Uint32Array(buffer, order, count).set(rows)
      words[3] = rows ? order : 0
    },
    descend: ({ at, end, batch }, steps) => { kernels.descend(points, descent, at, end, batch, steps) },
    begin: () => { kernels.begin(points, descent) },
    gather: (from, to) => { kernels.gather(points, descent, from, to) },
    finish: count => { kernels.finish(points, descent, count) },
    close: () => { returnKernels(kernels) }
  }
}

/** In fours, as rows of Float64 are multiplied. */
function rowsOfChunk ({ count, dimensions, storage }: StoredRows): number {
  const bytes = storage.form === 'dense' ? dimensions * 8 : storage.places.length / count * 6 + 1
  return Math.max(4, Math.min(MOST_ROWS, 4 * Math.floor(CHUNK_BYTES / bytes / 4)))
}

/** Hands out a memory from a pointer on, in multiples of a vector's length. */
function createPlaces (free: number): (bytes: number) => number {
  return bytes => {
    const at = free
    free = align(free + bytes)
    return at
  }
}

/** Where the numbers of rows lie: the last fields of Points, and what copies them there. */
function placeRows ({ count, dimensions, storage }: StoredRows, place: (bytes: number) => number) {
  if (storage.form === 'sparse') {
    const { starts, places, values, factors } = storage
    const at = [place(values.byteLength), place(starts.byteLength), place(places.byteLength), place(factors.byteLength)] as const
    return {
      fields: [0, ...at],
      fill (buffer: ArrayBuffer) {
        new Uint8Array(buffer, at[0], values.length).set(values)
        new Uint32Array(buffer, at[1], starts.length).set(starts)
        new Uint16Array(buffer, at[2], places.length).set(places)
        new Float64Array(buffer, at[3], factors.length).set(factors)
      }
    }
  }
  const stride = Math.ceil(dimensions / 2) * 2
  const at = place(count * stride * 8)
  return {
    fields: [stride, at, 0, 0, 0],
    fill (buffer: ArrayBuffer) {
      const copy = new Float64Array(buffer, at, count * stride).fill(0)
      for (let i = 0; i < count; i++) copy.set(storage.values.subarray(i * dimensions, (i + 1) * dimensions), i * stride)
    }
  }
}
