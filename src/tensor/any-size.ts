/**
 * Pictures of other sizes than those that a network was made for: its layers take them from what flows through (network.ts),
 * as long as no layer's arrays follow from the size. Strides then meet the same pixels as in training where sizes differ by
 * whole periods, so what the network says far from the edges is what it says of a part of that picture.
 */
import type { Size } from '../math/windows.js'
import { AppError } from '../errors.js'
import type { Architecture } from './architecture.js'
import { wire, type PlannedLayer } from './wiring.js'

/**
 * Says what binds a network to the size of its pictures.
 * @param inputShape of those that it reads
 * @returns "layers[3] (dense) has a weight of [144, 10]"; undefined where its weights serve pictures of any size
 */
export function findSizeBound (architecture: Architecture, inputShape: readonly number[]): string | undefined {
  if (inputShape.length !== 3) return 'it reads no pictures'
  const own = wire({ ...architecture, inputShape: [...inputShape] })
  const period = periodOf(own)
  const [height, width, channels] = inputShape as [number, number, number]
  const larger = wireOrRefusal(architecture, [height + period, width + period, channels]) // every layer sees some pixels more
  if (typeof larger === 'string') return larger
  for (const { index, path, layer, parameters } of own) {
    const bound = parameters.find(({ shape }, i) => shape.join() !== larger[index]!.parameters[i]!.shape.join())
    if (bound) return `${path} (${layer.type}) has a ${bound.name} of [${bound.shape.join(', ')}]`
  }
  return undefined
}

/**
 * The least shape that holds a picture, whole periods away from the one that the network reads.
 * @param inputShape of the pictures that it reads, [height, width, channels]
 */
export function shapeAround (architecture: Architecture, inputShape: readonly number[], size: Size): number[] {
  const period = periodOf(wire({ ...architecture, inputShape: [...inputShape] }))
  const [height, width, channels] = inputShape as [number, number, number]
  const fill = (own: number, trained: number) => own + ((trained - own) % period + period) % period
  return [fill(size[0], height), fill(size[1], width), channels]
}

/** The plan for pictures of a shape, or why the layers do not fit it. */
export function wireOrRefusal (architecture: Architecture, inputShape: number[]): PlannedLayer[] | string {
  try {
    return wire({ ...architecture, inputShape })
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalid_spec') throw error
    return error.detail
  }
}

/** Pixels by which a picture must grow for every layer to grow by whole pixels: the least number, 1 without strides. */
function periodOf (plan: readonly PlannedLayer[]): number {
  let period = 1
  /** of each layer, for so many pixels of the network's own input */
  let growth: number[] = []
  for (const { kind, layer, sources } of plan) {
    const { up = 1, down = 1 } = kind.scaling?.(layer) ?? {}
    const source = sources.at(-1)! // several have one size, but where the second is there to give it
    const grown = (source < 0 ? period : growth[source]!) * up
    const factor = down / gcd(grown, down)
    period *= factor
    growth = [...growth.map(pixels => pixels * factor), grown * factor / down]
  }
  return period
}

function gcd (a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b)
}
