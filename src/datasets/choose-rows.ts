/** Which rows become the test split, or a fold: pure functions of a seed, of the classes and of what belongs together. */
import { AppError } from '../errors.js'
import { keyOfStream, openStream } from '../math/random.js'
import { borrowKernels, returnKernels } from './kernels/kernels.js'

/** What a choice of rows heeds. */
export interface Choice {
  seed: number
  /** class of every row: then each class has its share of the rows that are chosen */
  classes?: Int32Array | undefined
  /** group of every row: then rows of one group are chosen together */
  groups?: Int32Array | undefined
}

/**
 * Chooses rows at random.
 * By classes: each gets its share, rounded by largest remainder, and one with two rows or more is on both sides. By groups:
 * whole groups in random order, each that still fits, so that there may be fewer rows than wanted; at least one group.
 * @param wanted how many, 1 .. count - 1
 * @returns a mark for every row: 1 where it is chosen
 * @throws AppError invalid_dataset when the classes or the groups do not allow it
 */
export function chooseRows (count: number, wanted: number, { seed, classes, groups }: Choice): Uint8Array {
  const permute = (): Uint32Array => openStream(seed, 'split').permutation(count)
  if (groups !== undefined) {
    const chosen = chooseGroups(groups, permute(), wanted)
    return Uint8Array.from(groups, group => chosen.has(group) ? 1 : 0)
  }
  if (classes === undefined) return chooseAny(count, wanted, seed)
  const open = shareOut(countClasses(classes), wanted)
  const isChosen = new Uint8Array(count)
  for (const row of permute()) {
    const label = classes[row]!
    if (open[label]! === 0) continue
    open[label]!--
    isChosen[row] = 1
  }
  return isChosen
}

/** The rows of the first places of the permutation. */
function chooseAny (count: number, wanted: number, seed: number): Uint8Array {
  const kernels = borrowKernels()
  try {
    const order = kernels.heapBase()
    const marks = order + Uint32Array.BYTES_PER_ELEMENT * count
    kernels.reserve(marks + count)
    kernels.choose(...keyOfStream(seed, 'split'), count, wanted, order, marks)
    return Uint8Array.from(new Uint8Array(kernels.memory.buffer, marks, count))
  } finally {
    returnKernels(kernels)
  }
}

/**
 * Deals rows into folds whose sizes differ by one at most; by classes, those of each class do, too.
 * @param folds 2 .. count
 * @returns the fold of every row, from 0
 */
export function dealFolds (count: number, folds: number, { seed, classes }: Omit<Choice, 'groups'>): Uint16Array {
  const order = openStream(seed, 'folds').permutation(count)
  const dealt = classes === undefined ? order : sortByClass(order, classes)
  const foldOf = new Uint16Array(count)
  dealt.forEach((row, place) => { foldOf[row] = place % folds })
  return foldOf
}

/** How many rows of each class are chosen: shares of `wanted`, by largest remainder; the lower class first where they are equal. */
function shareOut (counts: number[], wanted: number): number[] {
  const total = sum(counts)
  const least = counts.map(count => count > 1 ? 1 : 0)
  const most = counts.map(count => Math.max(0, count - 1))
  if (wanted < sum(least) || wanted > sum(most)) {
    throw new AppError('invalid_dataset',
      `the test split must have ${sum(least)} .. ${sum(most)} of the ${total} examples, so that every class of two or more is in both splits, got ${wanted}`)
  }
  const quotas = counts.map(count => wanted * count / total)
  const shares = quotas.map((quota, label) => Math.min(Math.max(Math.floor(quota), least[label]!), most[label]!))
  for (let open = wanted - sum(shares); open !== 0;) {
    const step = Math.sign(open)
    const bound = step > 0 ? most : least
    const next = shares.map((_, label) => label).filter(label => shares[label] !== bound[label])
      .sort((a, b) => step * ((quotas[b]! - shares[b]!) - (quotas[a]! - shares[a]!)) || a - b)
    for (const label of next.slice(0, Math.abs(open))) {
      shares[label]! += step
      open -= step
    }
  }
  return shares
}

function chooseGroups (groups: Int32Array, order: Uint32Array, wanted: number): Set<number> {
  const sizes = new Map<number, number>() // in the random order in which groups come
  for (const row of order) sizes.set(groups[row]!, (sizes.get(groups[row]!) ?? 0) + 1)
  if (sizes.size < 2) throw new AppError('invalid_dataset', 'the group column must have 2 different values or more, so that each split has a group, got 1')
  const chosen = new Set<number>()
  let open = wanted
  for (const [group, size] of sizes) {
    if (size > open) continue
    chosen.add(group)
    open -= size
  }
  if (chosen.size === 0) chosen.add([...sizes].reduce((best, one) => one[1] < best[1] ? one : best)[0])
  return chosen
}

function countClasses (classes: Int32Array): number[] {
  const counts: number[] = []
  for (const label of classes) counts[label] = (counts[label] ?? 0) + 1
  return Array.from(counts, count => count ?? 0)
}

/** The rows of the lowest class first, each class in the order in which they came. */
function sortByClass (order: Uint32Array, classes: Int32Array): Uint32Array {
  const next = countClasses(classes)
  next.reduce((begin, count, label) => {
    next[label] = begin
    return begin + count
  }, 0)
  const sorted = new Uint32Array(order.length)
  for (const row of order) sorted[next[classes[row]!]!++] = row
  return sorted
}

function sum (numbers: number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
