/** X for a grid CRF: alpha-expansion from the last X (src/graphcut/moves.ts); of two labels one cut, which is exact from any start. */
import { expand } from '../../../graphcut/moves.js'
import { weighContrast } from '../../../segmentation/contrast.js'
import type { GridPairs, MethodOf } from '../methods.js'
import { argmaxOf, writeOneHot, type Picture, type XStep } from './x-step.js'

/** Opens the X-step of a picture: its weights are made once. */
export function openGridStep (picture: Picture, labels: number, { lambda, rounds }: MethodOf<'adm'>, pairs: GridPairs): XStep {
  const { width, height } = picture.pixels
  const shape = { width, height, neighbours: pairs.neighbours }
  const { weights } = weighContrast(picture.pixels, { ...pairs, lambda })
  return (unary, last, into) => {
    const start = last.some(share => share > 0) ? argmaxOf(last, labels) : undefined
    const { labels: labelling } = expand({ shape, labels, unary, weights }, { rounds, ...(start && { start }) })
    writeOneHot(labelling, labels, into)
  }
}
