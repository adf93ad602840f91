/**
 * Finds copies among the examples of a data set: rows with the same bytes, and rows that are nearer to each other than
 * chance brings two of them together in their place (threshold.ts). It works in parts, so that whoever asks can stop in between. Pure;
 * what was found last is known, for the trials of an experiment have the same examples.
 */
import { createHash } from 'node:crypto'
import type { FieldArray, Scale } from '../dataset.js'
import type { Field } from '../description.js'
import { openStream } from '../../math/random.js'
import { perNumber } from '../scaling.js'
import { findFirsts } from './exact.js'
import { createGroups, type CopyGroup } from './groups.js'
import { joinNear } from './near.js'
import { measureScales, project } from './projection.js'
import { distanceOf, toRows } from './rows.js'
import { sketchTexts } from './sketch.js'
import { measureThreshold } from './threshold.js'

export type { CopyGroup }

export interface Copies {
  /** in the order of their first rows */
  groups: CopyGroup[]
  /**
   * rows nearer than this are near copies, in parts of the distance within which a hundredth of all rows lies; null where
   * there are too few to tell, and near ones were not sought
   */
  threshold: number | null
  /** at most so many pairs of near copies may have been missed in crowded places; 0 where all that should be was compared */
  leftOut: number
}

export interface CopySearch {
  field: Field
  /** rows of the field by split: those of the second are counted on */
  parts: readonly FieldArray[]
  /** numbers of a row */
  width: number
  /** how a network sees them: distances are measured in its units */
  scale: Scale
}

/** Fixed: what is a copy is no matter of a trial's seed. */
const seed = 0

/** What the last searches of this thread found, by what they searched, the oldest first. */
const known = new Map<string, Copies>()
const mostKnown = 4

/** Finds the copies. Texts are compared by the words that they have, whatever their order; all others number by number. */
export function * findCopies (search: CopySearch): Generator<void, Copies> {
  const name = digest(search)
  yield
  const copies = known.get(name) ?? (yield * compare(search))
  known.delete(name)
  known.set(name, copies)
  if (known.size > mostKnown) known.delete(known.keys().next().value!)
  return copies
}

/** Of all that is searched, byte by byte: MNIST takes a fifth of a second, comparing it many. */
function digest ({ field, parts, width, scale }: CopySearch): string {
  const hash = createHash('sha256').update(JSON.stringify([field.type, width, scale.offset, scale.scale]))
  for (const part of parts) {
    hash.update(`${part.constructor.name} ${part.length}`).update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength))
  }
  return hash.digest('hex')
}

function * compare ({ field, parts, width, scale }: CopySearch): Generator<void, Copies> {
  const stored = toRows(parts, width)
  const firsts = yield * findFirsts(stored)
  const different = Int32Array.from(firsts.keys()).filter(row => firsts[row] === row)
  const seen = field.type === 'tokens' ? sketchTexts(stored, seed) : stored
  const weights = field.type === 'tokens' ? new Float64Array(seen.width).fill(1) : perNumber(scale, width).scales
  yield
  const between = distanceOf(seen, weights)
  const distance = (a: number, b: number, atMost: number) => between(different[a]!, different[b]!, atMost)
  const projected = yield * project(seen, different, weights, seed)
  const scales = yield * measureScales(projected, seed)
  const inScales = (a: number, b: number, atMost: number) => {
    const scale = Math.min(scales[a]!, scales[b]!)
    return scale > 0 ? distance(a, b, atMost * scale) / scale : Infinity
  }
  const threshold = yield * measureThreshold(different.length, inScales, seen.width, openStream(seed, 'random pairs'))
  const groups = createGroups(firsts)
  const compared = {
    projected,
    scales,
    distance,
    isJoined: (a: number, b: number) => groups.isJoined(different[a]!, different[b]!),
    join: (a: number, b: number) => { groups.join(different[a]!, different[b]!) },
    width: seen.width
  }
  const leftOut = threshold === null || threshold === 0 ? 0 : yield * joinNear(compared, threshold, seed)
  return { groups: groups.list(), threshold, leftOut }
}
