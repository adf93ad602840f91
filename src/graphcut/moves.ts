/**
 * Labellings by moves, each the best of its kind and found by one cut: Boykov, Veksler, Zabih 2001, "Fast Approximate Energy
 * Minimization via Graph Cuts". An expansion lets every pixel keep its label or take one label; a swap lets those of two
 * labels choose anew between the two. The energy never rises. With expansions and Potts it ends within twice the optimum, and
 * with two labels in it.
 */
import type { RandomStream } from '../math/random.js'
import { checkProblem, distanceOf, eachPair, energyOf, type LabellingProblem } from './energy.js'
import { createGridCut, type GridCut } from './grid.js'

export interface MoveOptions {
  /** where to begin: [height, width]; the least unary of each pixel, the lowest label of equals, when left out */
  start?: Uint8Array
  /** rounds over all labels, or pairs of labels, at most; it ends earlier when a round changes nothing */
  rounds: number
  /** draws the order of labels of every round; ascending when left out */
  order?: RandomStream
}

export interface Labelling {
  /** f: [height, width] */
  labels: Uint8Array
  energy: { unary: number, pairs: number, total: number }
  /** energy at the start and after every move that changed something: it never rises */
  energies: number[]
  rounds: number
  cuts: number
  /** whether no move of the kind would lower it */
  isSettled: boolean
}

/** Labels by expansions. @throws RangeError for a problem that is none, or whose V is no metric */
export function expand (problem: LabellingProblem, options: MoveOptions): Labelling {
  checkProblem(problem, true)
  const labels = Array.from({ length: problem.labels }, (_, label) => label)
  return move(problem, options, labels, (state, label) => expandTo(state, label))
}

/** Labels by swaps, whose V need be no metric. @throws RangeError for a problem that is none */
export function swap (problem: LabellingProblem, options: MoveOptions): Labelling {
  checkProblem(problem, false)
  const pairs = Array.from({ length: problem.labels }, (_, a) => Array.from({ length: a }, (_, b): [number, number] => [b, a])).flat()
  return move(problem, options, pairs, (state, pair) => swapBetween(state, pair))
}

/** What a move works with: memory that all moves use again. */
interface State {
  problem: LabellingProblem
  cut: GridCut
  labels: Uint8Array
  /** [height, width]: cost of staying (x = 0) and of moving (x = 1) */
  stay: Float64Array
  go: Float64Array
  /** by way: capacity from a pixel to its neighbour */
  arcs: Float64Array[]
  moved: Uint8Array
}

/** Makes moves until none lowers the energy. @param propose gives the best labelling of a move */
function move<Move> (
  problem: LabellingProblem, { start, rounds, order }: MoveOptions, moves: readonly Move[],
  propose: (state: State, move: Move) => Uint8Array
): Labelling {
  const { width, height } = problem.shape
  const pixels = width * height
  const state: State = {
    problem,
    cut: createGridCut(problem.shape),
    labels: start?.slice() ?? cheapest(problem),
    stay: new Float64Array(pixels),
    go: new Float64Array(pixels),
    arcs: problem.weights.map(() => new Float64Array(pixels)),
    moved: new Uint8Array(pixels)
  }
  if (state.labels.length !== pixels || state.labels.some(label => label >= problem.labels)) {
    throw new RangeError(`start must have ${pixels} labels below ${problem.labels}, got ${state.labels.length}, up to ${Math.max(...state.labels)}`)
  }
  let energy = energyOf(problem, state.labels)
  const energies = [energy.total]
  let [round, cuts, isSettled] = [0, 0, false]
  for (; round < rounds && !isSettled; round++) {
    isSettled = true
    for (const i of orderOf(moves.length, order)) {
      const proposed = propose(state, moves[i]!)
      cuts++
      const next = energyOf(problem, proposed)
      // The cut is the best move to within rounding: what does not lower the sum is not made.
      if (!(next.total < energy.total)) continue
      state.labels.set(proposed)
      energy = next
      energies.push(next.total)
      isSettled = false
    }
  }
  return { labels: state.labels, energy, energies, rounds: round, cuts, isSettled }
}

function orderOf (count: number, stream: RandomStream | undefined): Iterable<number> {
  return stream === undefined ? Array.from({ length: count }, (_, i) => i) : stream.permutation(count)
}

/** The label of least unary for each pixel. */
function cheapest ({ unary, labels, shape: { width, height } }: LabellingProblem): Uint8Array {
  const pixels = width * height
  return Uint8Array.from({ length: pixels }, (_, p) => {
    let least = 0
    for (let label = 1; label < labels; label++) if (unary[label * pixels + p]! < unary[least * pixels + p]!) least = label
    return least
  })
}

/**
 * x_p = 0 keeps f_p, x_p = 1 takes the label a. With V(a, a) = 0 a pair costs
 *
 *   w V(f_p, f_q) + w (V(a, f_q) - V(f_p, f_q)) x_p - w V(a, f_q) x_q + w (V(f_p, a) + V(a, f_q) - V(f_p, f_q)) (1 - x_p) x_q
 *
 * whose last factor is >= 0 for a metric: the capacity of the arc from p to q.
 */
function expandTo (state: State, label: number): Uint8Array {
  const { problem, labels, stay, go } = state
  const pixels = labels.length
  for (let p = 0; p < pixels; p++) {
    stay[p] = problem.unary[labels[p]! * pixels + p]!
    go[p] = problem.unary[label * pixels + p]!
  }
  eachArc(state, (p, q, weight) => {
    const both = weight * distanceOf(problem, labels[p]!, labels[q]!)
    const first = weight * distanceOf(problem, label, labels[q]!)
    const second = weight * distanceOf(problem, labels[p]!, label)
    go[p]! += first - both
    go[q]! -= first
    return Math.max(0, second + first - both)
  })
  return cutMoves(state, (p, isMoved) => isMoved ? label : labels[p]!)
}

/** x_p = 0 takes the label a, x_p = 1 the label b, for pixels that have one of them; all others stay. */
function swapBetween (state: State, [a, b]: [number, number]): Uint8Array {
  const { problem, labels, stay, go } = state
  const pixels = labels.length
  const takesPart = (p: number) => labels[p] === a || labels[p] === b
  for (let p = 0; p < pixels; p++) {
    const isIn = takesPart(p)
    stay[p] = isIn ? problem.unary[a * pixels + p]! : 0
    go[p] = isIn ? problem.unary[b * pixels + p]! : 0
  }
  eachArc(state, (p, q, weight) => {
    const [isIn, isOther] = [takesPart(p), takesPart(q)]
    if (isIn && isOther) {
      const apart = weight * distanceOf(problem, a, b)
      go[p]! += apart // x_p + x_q - 2 x_p x_q as x_p - x_q + 2 (1 - x_p) x_q
      go[q]! -= apart
      return 2 * apart
    }
    const [moving, fixed] = isIn ? [p, q] : [q, p]
    if (isIn || isOther) {
      stay[moving]! += weight * distanceOf(problem, a, labels[fixed]!)
      go[moving]! += weight * distanceOf(problem, b, labels[fixed]!)
    }
    return 0
  })
  return cutMoves(state, (p, isMoved) => takesPart(p) ? (isMoved ? b : a) : labels[p]!)
}

/** Sets the capacities of all arcs to what `capacity` gives. */
function eachArc ({ problem, arcs }: State, capacity: (p: number, q: number, weight: number) => number): void {
  eachPair(problem, (p, q, weight, way) => { arcs[way]![p] = capacity(p, q, weight) })
}

/** Cuts between those that stay, on the source's side, and those that move. @returns the labelling that comes of it */
function cutMoves ({ cut, stay, go, arcs, moved }: State, labelOf: (pixel: number, isMoved: boolean) => number): Uint8Array {
  for (let p = 0; p < stay.length; p++) {
    const least = Math.min(stay[p]!, go[p]!)
    stay[p] = least === Infinity ? 0 : stay[p]! - least
    go[p] = least === Infinity ? 0 : go[p]! - least
  }
  cut.setTerminals(go, stay)
  for (const [way, capacities] of arcs.entries()) cut.setArcs(way, capacities, 0)
  cut.solve()
  cut.readSides(moved)
  return moved.map((isSource, p) => labelOf(p, isSource === 0))
}
