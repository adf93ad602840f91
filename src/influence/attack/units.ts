/** Radius, step and box of a request as the network sees them. Preprocessing is one factor for all inputs: norms scale with it. */
import type { ClassesDataset } from '../../datasets/classes.js'
import type { Preprocessing } from '../../datasets/dataset.js'
import type { Box, Budget } from '../../tensor/attack.js'
import type { Examples } from '../../tensor/batches.js'
import { refuse } from '../refusals.js'
import type { AttackRequest } from './schema.js'

/** Bytes are valid from 0 to 255 unless the request says otherwise, other numbers wherever they are. */
export function inNetworkUnits (
  { units, radius, stepSize, steps, box }: AttackRequest, { offset, scale }: Preprocessing, { train }: ClassesDataset
): Pick<Budget, 'radius' | 'stepSize'> & { box: Box | undefined } {
  const factor = units === 'stored' ? Math.abs(scale) : 1
  const seen = ({ low, high }: Box): Box => {
    const ends = [(low - offset) * scale, (high - offset) * scale]
    return { low: Math.min(...ends), high: Math.max(...ends) }
  }
  const bytes = train.inputs instanceof Uint8Array ? seen({ low: 0, high: 255 }) : undefined
  const given = box && (units === 'stored' ? seen(box) : box)
  return {
    radius: radius * factor,
    stepSize: stepSize === undefined ? usualStep(radius * factor, steps) : stepSize * factor,
    box: given ?? bytes
  }
}

/** Two and a half times what would just take a straight walk to the ball's edge. Source: Madry et al. 2018, section 4 (2.5 ε / steps). */
export function usualStep (radius: number, steps: number): number {
  return Math.min(radius, 2.5 * radius / steps)
}

/** The least and the greatest input of some examples, as the network sees it. */
export function rangeOf ({ data, preprocessing: { offset, scale } }: Examples, indices: Int32Array): Box {
  const width = data.inputs.length / data.count
  let [min, max] = [Infinity, -Infinity]
  for (const index of indices) {
    for (let i = index * width; i < (index + 1) * width; i++) {
      const value = (data.inputs[i]! - offset) * scale
      min = Math.min(min, value)
      max = Math.max(max, value)
    }
  }
  return { low: min, high: max }
}

/** @throws invalid_input when a clean example is not valid itself */
export function checkBox ({ low, high }: Box, range: Box): void {
  const slack = 1e-6 * (high - low) // float32's roundings
  if (range.low < low - slack) refuse('box.low', 'must be at most the least input, as the network sees it', range.low)
  if (range.high > high + slack) refuse('box.high', 'must be at least the greatest input, as the network sees it', range.high)
}
