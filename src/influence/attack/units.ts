/** Radius, step and box of a request as the network sees them: norms scale with one factor for all inputs, boxes with one for each, too. */
import type { ClassesDataset } from '../../datasets/classes.js'
import type { Scale } from '../../datasets/dataset.js'
import { entriesOf, perNumber } from '../../datasets/scaling.js'
import { entryAt, type Box, type Budget, type Each, type Threat } from '../../tensor/attack.js'
import type { Examples } from '../../tensor/batches.js'
import { refuse } from '../refusals.js'
import type { AttackRequest } from './schema.js'

/** What an attack is bounded by. Radius and step are the network's units, unless `stretch` makes them so. */
export type Sizes = Pick<Budget, 'radius' | 'stepSize'> & Pick<Threat, 'box' | 'stretch'>

/**
 * Bytes are valid from 0 to 255 unless the request says otherwise, other numbers wherever they are.
 * @throws invalid_input for stored units where a ball of the norm would be none as the network sees it
 */
export function inNetworkUnits (
  { norm, units, radius, stepSize, steps, box }: AttackRequest, scale: Scale, { train }: ClassesDataset
): Sizes {
  const factors = Array.from(perNumber(scale, entriesOf(scale)).scales, Math.abs)
  const isStored = units === 'stored'
  if (isStored && factors.length > 1 && norm !== 'linf') {
    refuse('units', `must be network for norm ${norm}: the model scales every column or channel by a factor of its own, and only balls of linf stay such`, units)
  }
  const factor = isStored && factors.length === 1 ? factors[0]! : 1
  return {
    radius: radius * factor,
    stepSize: stepSize === undefined ? usualStep(radius * factor, steps) : stepSize * factor,
    box: (box && isStored ? seenBox(box, scale) : box) ?? validBox(train, scale),
    stretch: isStored && factors.length > 1 ? factors : undefined
  }
}

/** Where inputs are valid of which nothing is said, as the network sees them: bytes from 0 to 255, others anywhere (undefined). */
export function validBox ({ inputs }: Pick<ClassesDataset['train'], 'inputs'>, scale: Scale): Box | undefined {
  return inputs instanceof Uint8Array ? seenBox({ low: 0, high: 255 }, scale) : undefined
}

/** An interval of stored values as the network sees it. */
function seenBox ({ low, high }: { low: number, high: number }, scale: Scale): Box {
  const { offsets, scales } = perNumber(scale, entriesOf(scale))
  const ends = Array.from(scales, (by, k) => [low, high].map(end => (end - offsets[k]!) * by))
  return { low: toEach(ends.map(pair => Math.min(...pair))), high: toEach(ends.map(pair => Math.max(...pair))) }
}

/** A size in both units: one number for all inputs, or one for each of the last axis. */
export function inBothUnits (size: number, scale: Scale, stretch: Sizes['stretch']): { network: Each, stored: Each } {
  const factors = Array.from(perNumber(scale, entriesOf(scale)).scales, Math.abs)
  if (stretch) return { network: factors.map(factor => size * factor), stored: size }
  return { network: size, stored: toEach(factors.map(factor => size / factor)) }
}

/** Two and a half times what would just take a straight walk to the ball's edge. Source: Madry et al. 2018, section 4 (2.5 ε / steps). */
export function usualStep (radius: number, steps: number): number {
  return Math.min(radius, 2.5 * radius / steps)
}

/** The least and the greatest input of some examples, as the network sees it. */
export function rangeOf ({ data, preprocessing }: Examples, indices: Int32Array): Box {
  const width = data.inputs.length / data.count
  const { offsets, scales } = perNumber(preprocessing, width)
  const entries = entriesOf(preprocessing)
  const [low, high] = [new Array<number>(entries).fill(Infinity), new Array<number>(entries).fill(-Infinity)]
  for (const index of indices) {
    for (let i = 0; i < width; i++) {
      const value = (data.inputs[index * width + i]! - offsets[i]!) * scales[i]!
      const k = i % entries
      low[k] = Math.min(low[k]!, value)
      high[k] = Math.max(high[k]!, value)
    }
  }
  return { low: toEach(low), high: toEach(high) }
}

/** @throws invalid_input when a clean example is not valid itself */
export function checkBox (box: Box, range: Box): void {
  const entries = Math.max(...[box.low, range.low].map(each => typeof each === 'number' ? 1 : each.length))
  for (let k = 0; k < entries; k++) {
    const [low, high] = [entryAt(box.low, k), entryAt(box.high, k)]
    const [least, greatest] = [entryAt(range.low, k), entryAt(range.high, k)]
    const slack = 1e-6 * (high - low) // float32's roundings
    if (least < low - slack) refuse('box.low', 'must be at most the least input, as the network sees it', least)
    if (greatest > high + slack) refuse('box.high', 'must be at least the greatest input, as the network sees it', greatest)
  }
}

/** How far the box of valid values reaches at most, in units of the radius. */
export function extentOf ({ low, high }: Box, stretch: Sizes['stretch']): number {
  const entries = Math.max(...[low, stretch ?? 1].map(each => typeof each === 'number' ? 1 : each.length))
  return Math.max(...Array.from({ length: entries }, (_, k) => (entryAt(high, k) - entryAt(low, k)) / entryAt(stretch ?? 1, k)))
}

function toEach (values: number[]): Each {
  return values.length === 1 ? values[0]! : values
}
