/** What finds the labelling of least cost, by the model of what two pixels with different labels cost. */
import type { Pixels } from '../datasets/formats/pictures/picture.js'
import { energyOf, type LabellingProblem } from '../graphcut/energy.js'
import { createGridCut } from '../graphcut/grid.js'
import { expand, swap } from '../graphcut/moves.js'
import { weighContrast } from './contrast.js'
import type { PairModel } from './spec.js'

export interface Energy { unary: number, pairs: number, total: number }

/**
 * Labels a picture.
 * @param unary [labels, height, width]
 * @param start where moves begin; the least unary of every pixel when left out
 */
export type Labeller = (unary: Float64Array, start?: Uint8Array) => { labels: Uint8Array, energy: Energy }

/** Opens the model of a picture's pairs of pixels. */
export function openPairs (pixels: Pixels, labels: number, model: PairModel): Labeller {
  const { neighbours = 8, lambda = 50, sigma, moves = 'expansion', rounds = 5 } = model
  const shape = { width: pixels.width, height: pixels.height, neighbours }
  const { weights } = weighContrast(pixels, { neighbours, lambda, ...(sigma === undefined ? {} : { sigma }) })
  return (unary, start) => {
    const problem: LabellingProblem = { shape, labels, unary, weights }
    if (labels > 2) return (moves === 'swap' ? swap : expand)(problem, { rounds, ...(start && { start }) })
    const cut = cutInTwo(problem)
    return { labels: cut, energy: energyOf(problem, cut) }
  }
}

/** The labelling of two labels with the least energy, by one cut: those of label 1 are on the source's side. */
function cutInTwo ({ shape, unary, weights }: LabellingProblem): Uint8Array {
  const pixels = shape.width * shape.height
  const [zero, one] = [new Float64Array(pixels), new Float64Array(pixels)]
  for (let p = 0; p < pixels; p++) { // capacities are no less than 0, costs may be
    const least = Math.min(unary[p]!, unary[pixels + p]!)
    zero[p] = unary[p]! - least
    one[p] = unary[pixels + p]! - least
  }
  const cut = createGridCut(shape)
  cut.setTerminals(zero, one)
  for (const [way, capacities] of weights.entries()) cut.setArcs(way, capacities)
  cut.solve()
  const labels = new Uint8Array(pixels)
  cut.readSides(labels)
  return labels
}
