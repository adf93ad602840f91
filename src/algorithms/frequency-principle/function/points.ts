/** Functions and pictures as numbers: points x, values f(x), and the probe that measures outputs against them. Pure. */
import { createGridProbe, createImageProbe, type Probe } from '../../kit/spectrum/index.js'
import { drawPicture } from './pictures.js'
import type { FrequencyPrincipleSpec } from '../spec.js'
import type { ImageTarget } from './spec.js'

type Target = FrequencyPrincipleSpec['target']
/** Targets that are functions on a grid: all but data sets. */
export type FunctionTarget = Exclude<Target, { type: 'data' }>

export interface Points {
  /** features of a point */
  inputs: 1 | 2
  /** [n, inputs] by rows */
  x: Float64Array
  /** f(x), [n] */
  y: Float64Array
  picture?: { height: number, width: number }
}

/** Makes points and values of a target. */
export function makePoints (target: FunctionTarget): Points {
  if (target.type === 'image') return makePicture(target)
  return makeGrid(target, target.type === 'samples' ? target.values.length : target.points)
}

/** Makes the denser grid that a fit is tested on; undefined where the target asks for none. */
export function makeTestPoints (target: FunctionTarget): Points | undefined {
  if (target.type === 'image' || target.type === 'samples' || target.testPoints === undefined) return undefined
  return makeGrid(target, target.testPoints)
}

function makeGrid (target: Exclude<FunctionTarget, { type: 'image' }>, n: number): Points {
  const x = Float64Array.from({ length: n }, (_, j) => -Math.PI + 2 * Math.PI * j / n)
  return { inputs: 1, x, y: valuesOn(x, target) }
}

function valuesOn (x: Float64Array, target: Exclude<FunctionTarget, { type: 'image' }>): Float64Array {
  switch (target.type) {
    case 'sines': return x.map(at => target.terms.reduce((sum, { frequency, amplitude, phase }) => sum + amplitude * Math.sin(frequency * at + phase), 0))
    case 'step': return x.map((at, j) => j === 0 || 2 * j === x.length ? 0 : Math.sign(at))
    case 'triangle': return x.map(at => 1 - 2 * Math.abs(at) / Math.PI)
    case 'samples': return Float64Array.from(target.values)
  }
}

function makePicture ({ picture, side, pixels }: ImageTarget): Points {
  const height = pixels?.length ?? side
  const width = pixels?.[0]?.length ?? side
  const y = pixels === undefined ? drawPicture(picture, side) : Float64Array.from(pixels.flat())
  const x = new Float64Array(2 * height * width)
  for (let i = 0; i < height * width; i++) {
    x[2 * i] = -1 + 2 * (i % width) / width
    x[2 * i + 1] = -1 + 2 * Math.floor(i / width) / height
  }
  return { inputs: 2, x, y, picture: { height, width } }
}

/**
 * Opens the probe of a target.
 * @throws AppError invalid_spec when there is no frequency to follow
 */
export function openProbe (spec: FrequencyPrincipleSpec, target: FunctionTarget, { y, picture }: Points): Probe {
  const { error, frequencies, bins } = spec.spectrum
  if (target.type === 'image') return createImageProbe(y, { ...picture!, bands: target.bands, error })
  const followed = frequencies ?? (target.type === 'sines' ? target.terms.map(({ frequency }) => frequency) : undefined)
  return createGridProbe(y, { bins, error, ...(followed ? { frequencies: followed } : {}) })
}
