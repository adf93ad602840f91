/**
 * Labellings by moves, each the best of its kind and found by one cut: Boykov, Veksler, Zabih 2001, "Fast Approximate Energy
 * Minimization via Graph Cuts". An expansion lets every pixel keep its label or take one label; a swap lets those of two
 * labels choose anew between the two. The energy never rises. With expansions and Potts it ends within twice the optimum. Of two
 * labels the one swap is the best of all labellings, and stands for both expansions.
 */
import { cheapest } from '../math/label-costs.js'
import type { RandomStream } from '../math/random.js'
import { checkProblem, type Energy, type LabellingProblem } from './energy.js'
import { createProposals, type Proposals } from './proposals.js'

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
  energy: Energy
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
  if (problem.labels === 2) return moveBySwaps(problem, options)
  const labels = Array.from({ length: problem.labels }, (_, label) => label)
  return move(problem, options, labels, options.rounds > 1, (proposals, label) => proposals.expandTo(label))
}

/** Labels by swaps, whose V need be no metric. @throws RangeError for a problem that is none */
export function swap (problem: LabellingProblem, options: MoveOptions): Labelling {
  checkProblem(problem, false)
  return moveBySwaps(problem, options)
}

function moveBySwaps (problem: LabellingProblem, options: MoveOptions): Labelling {
  const pairs = Array.from({ length: problem.labels }, (_, a) => Array.from({ length: a }, (_, b): [number, number] => [b, a])).flat()
  return move(problem, options, pairs, false, (proposals, [a, b]) => proposals.swapBetween(a, b))
}

/** Makes moves until none lowers the energy. @param propose gives the energy of the best labelling of a move, if it is another one */
function move<Move> (
  problem: LabellingProblem, { start, rounds, order }: MoveOptions, moves: readonly Move[], wantsFlows: boolean,
  propose: (proposals: Proposals, move: Move) => Energy | undefined
): Labelling {
  const pixels = problem.shape.width * problem.shape.height
  const begun = start ?? cheapest(problem.unary, pixels)
  const highest = begun.reduce((a, b) => Math.max(a, b), 0)
  if (begun.length !== pixels || highest >= problem.labels) {
    throw new RangeError(`start must have ${pixels} labels below ${problem.labels}, got ${begun.length}, up to ${highest}`)
  }
  const proposals = createProposals(problem, begun, wantsFlows)
  let energy = proposals.energy
  const energies = [energy.total]
  /** By move: how many had changed something when it was made last. A move that is made again at once changes nothing. */
  const made = new Int32Array(moves.length).fill(-1)
  let [round, cuts, isSettled] = [0, 0, false]
  for (; round < rounds && !isSettled; round++) {
    isSettled = true
    for (const i of orderOf(moves.length, order)) {
      if (made[i] === energies.length) continue
      const proposed = propose(proposals, moves[i]!)
      cuts++
      // The cut is the best move to within rounding: what does not lower the sum is not made.
      if (proposed !== undefined && proposed.total < energy.total) {
        proposals.take()
        energy = proposed
        energies.push(energy.total)
        isSettled = false
      }
      made[i] = energies.length
    }
  }
  const labels = proposals.labels.slice()
  proposals.close()
  return { labels, energy, energies, rounds: round, cuts, isSettled }
}

function orderOf (count: number, stream: RandomStream | undefined): Iterable<number> {
  return stream === undefined ? Array.from({ length: count }, (_, i) => i) : stream.permutation(count)
}
