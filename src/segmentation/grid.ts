/** Labels by cuts where neighbours count, by their contrast: src/graphcut. */
import type { Pixels } from '../datasets/formats/pictures/picture.js'
import { energyOf, type LabellingProblem } from '../graphcut/energy.js'
import { createGridCut } from '../graphcut/grid.js'
import { expand, swap } from '../graphcut/moves.js'
import { weighContrast, type ContrastOptions } from './contrast.js'
import type { Labeller } from './labeller.js'

export interface GridOptions extends Partial<ContrastOptions> {
  /** with more than two labels */
  moves?: 'expansion' | 'swap'
  rounds?: number
}

/** Opens the model. Two labels are the best there are; of more, moves begin at a labelling that is given, or at the colours' own. */
export function openGrid (pixels: Pixels, labels: number, options: GridOptions): Labeller {
  const { neighbours = 8, lambda = 10, moves = 'expansion', rounds = 5 } = options
  const shape = { width: pixels.width, height: pixels.height, neighbours }
  const { weights } = weighContrast(pixels, { ...options, neighbours, lambda })
  return (unary, start) => {
    const problem: LabellingProblem = { shape, labels, unary, weights }
    if (labels === 2) {
      const labelling = cutInTwo(problem)
      return { labelling, energy: energyOf(problem, labelling) }
    }
    const { labels: labelling, energy } = (moves === 'swap' ? swap : expand)(problem, { rounds, ...start && { start } })
    return { labelling, energy }
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
  const labelling = new Uint8Array(pixels)
  cut.readSides(labelling)
  return labelling
}
