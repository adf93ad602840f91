/** Labels by cuts where neighbours count, by their contrast: src/graphcut. */
import { eachRow } from '../graphcut/energy.js'
import { createGridCut } from '../graphcut/grid.js'
import { expand, swap } from '../graphcut/moves.js'
import type { GridShape } from '../graphcut/shape.js'
import { layContrast, type ContrastOptions } from './contrast.js'
import { SLACK, type KernelPicture } from './kernels.js'
import type { Energy, Labeller } from './labeller.js'
import { defaults } from './spec.js'

export interface GridOptions extends Partial<ContrastOptions> {
  /** with more than two labels */
  moves?: 'expansion' | 'swap'
  rounds?: number
}

/** Opens the model. Two labels are the best there are; of more, moves begin at the labelling that is given. */
export function openGrid (picture: KernelPicture, labels: number, options: GridOptions): Labeller {
  const { neighbours = defaults.neighbours, lambda = defaults.lambda, moves = defaults.moves, rounds = defaults.rounds } = options
  const { height, width, pixels } = picture
  const shape = { width, height, neighbours }
  const { places } = layContrast(picture, { ...options, neighbours, lambda })
  const energyOf = openEnergy(picture, places)
  const weights = (): Float64Array[] => places.map(place => picture.numbersAt(place, pixels))
  const move = moves === 'swap' ? swap : expand
  const { label, close } = labels === 2
    ? openCut(picture, shape, weights)
    : {
        label: (unary: Float64Array, start: Uint8Array) => move({ shape, labels, unary, weights: weights() }, { rounds, start }).labels,
        close () {}
      }
  return { label, energyOf, close }
}

/** The labelling of two labels with the least energy, by a cut in the same memory every time: label 1 is the source's side. */
function openCut (picture: KernelPicture, shape: GridShape, weights: () => Float64Array[]): Pick<Labeller, 'label' | 'close'> {
  const { kernels, pixels, numbersAt } = picture
  const [zero, one] = [picture.lay(8 * (pixels + SLACK)), picture.lay(8 * (pixels + SLACK))]
  const cut = createGridCut(shape)
  for (const [way, capacities] of weights().entries()) cut.setArcs(way, capacities)
  const label = (unary: Float64Array) => {
    kernels.writeExcesses(pixels, picture.placeOf(unary), zero, one) // capacities are no less than 0, costs may be
    cut.setTerminals(numbersAt(zero, pixels), numbersAt(one, pixels))
    cut.solve()
    const labelling = new Uint8Array(pixels)
    cut.readSides(labelling)
    return labelling
  }
  return { label, close: () => { cut.close() } }
}

/** What energyOf of graphcut/energy.ts sums, in the same order. @param weights places */
function openEnergy (picture: KernelPicture, weights: readonly number[]): Labeller['energyOf'] {
  const { kernels, pixels } = picture
  const place = picture.lay(pixels + SLACK)
  return (unary, labelling): Energy => {
    picture.bytesAt(place, pixels).set(labelling)
    const ofLabels = kernels.sumUnary(pixels, place, picture.placeOf(unary))
    let pairs = 0
    for (const [way, at] of weights.entries()) {
      eachRow(picture, way, (from, until, to) => { pairs = kernels.addPairs(pairs, from, until, to, place, at) })
    }
    return { unary: ofLabels, pairs, total: ofLabels + pairs }
  }
}
