/** What edits make of a training split: the examples that stay, their training labels, and where they stood. Pure. */
import type { FieldArray, LabelledSplit } from '../../../datasets/dataset.js'
import type { Labels } from '../../../datasets/labelled.js'
import type { Edits } from './spec.js'

/** A training split as a trial sees it. A place counts the examples that stay, a position all of the split. */
export interface Edited {
  /** with the data set's own labels */
  train: LabelledSplit<Labels>
  /** training labels */
  labels: Labels
  /** places whose training label is not the data set's, ascending */
  flipped: Int32Array
  /** position of every place; undefined where nothing was dropped, and both are the same */
  positions: Int32Array | undefined
  /** Place of a position that stayed. */
  placeOf (position: number): number
  /** positions, ascending */
  dropped: number[]
  /** positions that there are: those that stay, and those that were dropped */
  count: number
}

/** Applies edits. @param whole what is trained on without them; its arrays are kept, and those of the answer may be they */
export function applyEdits (edits: Pick<Edits, 'wrong' | 'dropped' | 'relabelled'> | undefined, whole: LabelledSplit<Labels>): Edited {
  if (edits === undefined) {
    const { labels, count } = whole
    return { train: whole, labels, flipped: new Int32Array(0), positions: undefined, placeOf: same, dropped: [], count }
  }
  const width = whole.labels.length / whole.count
  const labels = whole.labels.slice()
  for (const { indices, labels: others } of [edits.wrong, edits.relabelled]) {
    indices.forEach((index, i) => { labels.set(others.slice(i * width, (i + 1) * width), index * width) })
  }
  const dropped = [...edits.dropped].sort((a, b) => a - b)
  const gone = new Set(dropped)
  const positions = Int32Array.from({ length: whole.count }, (_, index) => index).filter(index => !gone.has(index))
  const isWhole = dropped.length === 0
  const kept = <T extends FieldArray>(values: T): T => isWhole ? values : gather(values, positions, values.length / whole.count)
  const train = { inputs: kept(whole.inputs), labels: kept(whole.labels), count: positions.length }
  const trained = kept(labels)
  const differs = (place: number) => {
    for (let k = place * width; k < (place + 1) * width; k++) if (trained[k] !== train.labels[k]) return true
    return false
  }
  return {
    train,
    labels: trained,
    flipped: Int32Array.from({ length: positions.length }, (_, place) => place).filter(differs),
    positions: isWhole ? undefined : positions,
    placeOf: isWhole ? same : position => positions.indexOf(position),
    dropped,
    count: whole.count
  }
}

/**
 * The order of an epoch for those that stay: that of all, without the others. So arms of one seed see the examples that
 * they share in the same order.
 * @param permutation of all positions
 * @returns           places
 */
export function orderKept (permutation: Uint32Array, positions: Int32Array | undefined): Uint32Array {
  if (positions === undefined) return permutation
  const places = new Map(Array.from(positions, (position, place) => [position, place]))
  return permutation.filter(position => places.has(position)).map(position => places.get(position)!)
}

const same = (position: number): number => position

function gather<T extends FieldArray> (values: T, rows: Int32Array, width: number): T {
  const gathered = new (values.constructor as new (length: number) => T)(rows.length * width)
  rows.forEach((row, at) => { gathered.set(values.subarray(row * width, (row + 1) * width), at * width) })
  return gathered
}
