/** Labels by cuts where neighbours count, by their contrast: src/graphcut. */
import type { Pixels } from '../datasets/formats/pictures/picture.js'
import { energyOf, type LabellingProblem } from '../graphcut/energy.js'
import { createGridCut } from '../graphcut/grid.js'
import { expand, swap } from '../graphcut/moves.js'
import type { GridShape } from '../graphcut/shape.js'
import { weighContrast, type ContrastOptions } from './contrast.js'
import type { Labeller } from './labeller.js'
import { defaults } from './spec.js'

export interface GridOptions extends Partial<ContrastOptions> {
  /** with more than two labels */
  moves?: 'expansion' | 'swap'
  rounds?: number
}

/** Opens the model. Two labels are the best there are; of more, moves begin at the labelling that is given. */
export function openGrid (pixels: Pixels, labels: number, options: GridOptions): Labeller {
  const { neighbours = defaults.neighbours, lambda = defaults.lambda, moves = defaults.moves, rounds = defaults.rounds } = options
  const shape = { width: pixels.width, height: pixels.height, neighbours }
  const { weights } = weighContrast(pixels, { ...options, neighbours, lambda })
  const problemOf = (unary: Float64Array): LabellingProblem => ({ shape, labels, unary, weights })
  const move = moves === 'swap' ? swap : expand
  const { label, close } = labels === 2
    ? openCut(shape, weights)
    : { label: (unary: Float64Array, start: Uint8Array) => move(problemOf(unary), { rounds, start }).labels, close () {} }
  return { label, energyOf: (unary, labelling) => energyOf(problemOf(unary), labelling), close }
}

/** The labelling of two labels with the least energy, by a cut in the same memory every time: label 1 is the source's side. */
function openCut (shape: GridShape, weights: readonly Float64Array[]): Pick<Labeller, 'label' | 'close'> {
  const pixels = shape.width * shape.height
  const [zero, one] = [new Float64Array(pixels), new Float64Array(pixels)]
  const cut = createGridCut(shape)
  for (const [way, capacities] of weights.entries()) cut.setArcs(way, capacities)
  const label = (unary: Float64Array) => {
    for (let p = 0; p < pixels; p++) { // capacities are no less than 0, costs may be
      const least = Math.min(unary[p]!, unary[pixels + p]!)
      zero[p] = unary[p]! - least
      one[p] = unary[pixels + p]! - least
    }
    cut.setTerminals(zero, one)
    cut.solve()
    const labelling = new Uint8Array(pixels)
    cut.readSides(labelling)
    return labelling
  }
  return { label, close: () => { cut.close() } }
}
