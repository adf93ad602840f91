/**
 * The best labelling of a move, by one cut. Networks and energies are made by kernels (assembly/moves.ts, proposal.ts), in memory that all
 * moves use again.
 */
import type { Energy, LabellingProblem } from './energy.js'
import { createNetwork } from './network.js'

export interface Proposals {
  /** f, as it is now: [height, width] */
  readonly labels: Uint8Array
  /** E of the labelling that it began with */
  readonly energy: Energy
  /** whether an expansion begins with the flow of the one to the same label before, not without any */
  readonly keepsFlows: boolean
  /**
   * Proposes the best expansion. x_p = 0 keeps f_p, x_p = 1 takes the label a. With V(a, a) = 0 a pair costs
   *
   *   w V(f_p, f_q) + (s - g) x_p + (g - s) x_q + c ((1 - x_p) x_q + x_p (1 - x_q)),   each of x_p, x_q less w V(f_p, f_q) / 2
   *
   * with g = w V(f_p, a) / 2, s = w V(a, f_q) / 2 and c = g + s - w V(f_p, f_q) / 2, which is >= 0 for a metric: the capacity of
   * the arcs both ways. One arc of 2 c instead, as is usual, leaves more to flow: cuts of 21 labels took twice as long.
   * @returns E of it; undefined where it is f
   */
  expandTo (label: number): Energy | undefined
  /** Proposes the best swap: pixels that have a or b take a (x_p = 0) or b (x_p = 1), all others stay. @returns as above */
  swapBetween (a: number, b: number): Energy | undefined
  /** Makes what was proposed last the labelling. */
  take (): void
  /** Gives the memory back; `labels` lie in it. */
  close (): void
}

/**
 * @param start      [height, width]
 * @param wantsFlows whether expansions shall keep their flows, for which there may be no memory
 * @throws RangeError for a size that there cannot be
 */
export function createProposals (
  { shape, labels: count, unary, weights, distances }: LabellingProblem, start: Uint8Array, wantsFlows: boolean
): Proposals {
  const pixels = start.length
  const ofPixels = 8 * pixels
  const ofFlows = 4 * pixels * weights.length
  const flowCount = wantsFlows && count * ofFlows <= MOST_FLOW_BYTES ? count : 0
  const { kernels, buffer, places, solve, close } = createNetwork(shape, undefined, [
    pixels, pixels, ofPixels, ofPixels, ofPixels, 16 * weights.length, (distances?.byteLength ?? 0), flowCount * ofFlows,
    ...weights.map(weight => typeof weight === 'number' ? 0 : ofPixels)
  ])
  const [labelsAt, proposedAt, currentAt, firstAt, secondAt, weightsAt, distancesAt, flowsAt, ...wayAt] =
    places as [number, number, number, number, number, number, number, number, ...number[]]
  const numbersAt = (place: number, length = pixels) => new Float64Array(buffer, place, length)
  const [labels, proposed] = [labelsAt, proposedAt].map(place => new Uint8Array(buffer, place, pixels)) as [Uint8Array, Uint8Array]
  const [current, first, second] = [numbersAt(currentAt), numbersAt(firstAt), numbersAt(secondAt)]
  for (const labelling of [labels, proposed]) labelling.set(start)
  for (let p = 0; p < pixels; p++) current[p] = unary[start[p]! * pixels + p]!
  if (distances !== undefined) numbersAt(distancesAt, distances.length).set(distances)
  kernels.useProblem(
    shape.neighbours, count, labelsAt, proposedAt, currentAt, firstAt, secondAt, weightsAt, distances === undefined ? 0 : distancesAt
  )
  for (const [way, weight] of weights.entries()) {
    if (typeof weight === 'number') {
      kernels.useWeight(way, 0, weight)
    } else {
      numbersAt(wayAt[way]!).set(weight)
      kernels.useWeight(way, wayAt[way]!, 0)
    }
  }
  const unaryOf = (label: number) => unary.subarray(label * pixels, (label + 1) * pixels)
  /** the label whose D is `first` */
  let given = 0
  /** Of which labels flows are kept. */
  const known = new Set<number>()

  function solveMove (stays: number, moves: number): Energy | undefined {
    solve()
    return kernels.propose(stays, moves) === 0 ? undefined : energyOfProposed()
  }

  function energyOfProposed (): Energy {
    const [unary, pairs] = [kernels.energyUnary(given), kernels.energyPairs()]
    return { unary, pairs, total: unary + pairs }
  }

  return {
    labels,
    energy: energyOfProposed(),
    keepsFlows: flowCount > 0,
    expandTo (label) {
      given = label
      first.set(unaryOf(label))
      const flows = flowsAt + label * ofFlows
      kernels.expandTo(label, known.has(label) ? flows : 0)
      const energy = solveMove(-1, label)
      if (flowCount > 0) {
        kernels.keepFlows(flows)
        known.add(label)
      }
      return energy
    },
    swapBetween (a, b) {
      given = a
      first.set(unaryOf(a))
      second.set(unaryOf(b))
      kernels.swapBetween(a, b)
      return solveMove(a, b)
    },
    take () {
      kernels.takeProposed(given)
    },
    close
  }
}

/** Those of 21 labels of 1024 x 1024 pixels with 4 neighbours are not kept, those of 512 x 512 with 8 are. */
const MOST_FLOW_BYTES = 128 * 1024 * 1024
