/**
 * What a training is held against: gamma_q, the direction of largest l2 margin, and those of largest mixed-norm margin at the
 * radius of every run. For q = 2 and for clean training they are one direction, for |u|_2 is 1 whatever u is.
 */
import type { NamedArrays } from '../../../math/arrays.js'
import { seekGammaQ, seekLargestMargin, type LargestMargin, type NotSeparable } from '../../../optimizers/margin.js'
import type { Rows } from '../../../optimizers/rows.js'
import type { Radius } from '../perturbation-spec.js'
import { radiusOf } from '../radius.js'

/** A direction of largest margin, and how sure it is; see LargestMargin. */
export interface Reference {
  direction: Float64Array
  margin: number
  bound: number
  gap: number
  /** points with a dual weight */
  supports: number
}

export interface References {
  /** gamma_q; 0 where the points are not separable */
  gamma: number
  /** of largest l2 margin; null where the points are not separable */
  clean: Reference | null
  /** by run: c, and the direction of largest mixed-norm margin, null where c is gamma_q or more */
  runs: { radius: number, mixed: Reference | null }[]
}

/** What of a training decides. */
export interface Sought { q: number, radius: Radius, horizons: readonly number[] }

/** Seeks all of them. Yields at least once a second. */
export function * seekReferences (rows: Rows, { q, radius, horizons }: Sought): Generator<void, References> {
  const found = yield * seekLargestMargin(rows, { q: 2, radius: 0 })
  if (!found.separable) {
    return { gamma: 0, clean: null, runs: horizons.map(horizon => ({ radius: radiusOf(radius, 0, horizon), mixed: null })) }
  }
  const clean = referenceOf(found)
  const gamma = q === 2 ? clean.margin : marginOf(yield * seekGammaQ(rows, q))
  const runs: References['runs'] = []
  for (const horizon of horizons) {
    const c = radiusOf(radius, gamma, horizon)
    runs.push({ radius: c, mixed: yield * seekMixed(rows, q, c, { gamma, clean }) })
  }
  return { gamma, clean, runs }
}

function * seekMixed (
  rows: Rows, q: number, c: number, { gamma, clean }: { gamma: number, clean: Reference }
): Generator<void, Reference | null> {
  if (c === 0) return clean
  if (c >= gamma) return null
  if (q === 2) {
    const [margin, bound] = [clean.margin - c, clean.bound - c]
    return { ...clean, margin, bound, gap: (bound - margin) / bound }
  }
  const found = yield * seekLargestMargin(rows, { q, radius: c })
  return found.separable ? referenceOf(found) : null
}

function marginOf (found: LargestMargin | NotSeparable): number {
  return found.separable ? found.margin : 0
}

function referenceOf ({ direction, margin, bound, gap, supports }: LargestMargin): Reference {
  return { direction, margin, bound, gap, supports: supports.length }
}

/** References as a snapshot keeps them: the numbers, and the directions as rows. */
export function saveReferences ({ gamma, clean, runs }: References): { arrays: NamedArrays, values: SavedReferences } {
  const all = [clean, ...runs.map(({ mixed }) => mixed)]
  const directions = Object.fromEntries(all.flatMap((reference, i) =>
    reference === null ? [] : [[directionName(i), { shape: [reference.direction.length], data: reference.direction }]]))
  const numbers = all.map(reference => {
    if (reference === null) return null
    const { direction: _, ...rest } = reference
    return rest
  })
  return { arrays: directions, values: { gamma, radii: runs.map(({ radius }) => radius), numbers } }
}

/** JSON */
export interface SavedReferences { gamma: number, radii: number[], numbers: (Omit<Reference, 'direction'> | null)[] }

/** The references that saveReferences() kept. */
export function restoreReferences (arrays: NamedArrays, { gamma, radii, numbers }: SavedReferences): References {
  const [clean = null, ...mixed] = numbers.map((rest, i) =>
    rest === null ? null : { ...rest, direction: arrays[directionName(i)]!.data as Float64Array })
  return { gamma, clean, runs: radii.map((radius, i) => ({ radius, mixed: mixed[i] ?? null })) }
}

const directionName = (i: number) => `reference-${i}`
