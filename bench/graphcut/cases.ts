/** What `bench:graphcut` cuts: pictures of a disc under noise, the same numbers in graphcut/peer.py. */
import { ways } from '../../src/graphcut/shape.js'

export interface Picture {
  side: number
  neighbours: 4 | 8
  /** of a pair of neighbours, over their distance */
  weight: number
  /** less where brightness differs: times exp(-(difference / contrast)^2 / 2); 0: not so */
  contrast: number
  labels: number
  /** of the peer's time */
  aim: number
}

/** What both sides are asked. @property rounds over the labels */
export type Request = Picture & { rounds: number }

export interface Measured {
  ms: number
  /** flow or energy: both sides must find the same */
  value: number
  /** by which the process's peak went above what it had; null where the system does not count it */
  bytes: number | null
}

export const pictures: Picture[] = [
  { side: 128, neighbours: 8, weight: 100, contrast: 0, labels: 2, aim: 1 },
  { side: 256, neighbours: 8, weight: 100, contrast: 0, labels: 2, aim: 0.5 },
  { side: 512, neighbours: 8, weight: 100, contrast: 0, labels: 2, aim: 0.5 },
  { side: 1024, neighbours: 8, weight: 100, contrast: 0, labels: 2, aim: 0.5 },
  { side: 256, neighbours: 8, weight: 100, contrast: 40, labels: 2, aim: 0.5 },
  { side: 512, neighbours: 8, weight: 100, contrast: 40, labels: 2, aim: 0.5 },
  { side: 128, neighbours: 4, weight: 20, contrast: 0, labels: 4, aim: 1 },
  { side: 128, neighbours: 4, weight: 20, contrast: 0, labels: 21, aim: 1 }
]

/** Regularised so heavily that nearly all flow goes all the way through the picture. */
export const heavy: Picture = { side: 128, neighbours: 8, weight: 1000, contrast: 0, labels: 2, aim: 1 }

/** Rounds over the labels. */
export const ROUNDS = 3

/** Brightness of the pixels: 80 around a disc of 180, noise of +-60. @returns [side, side] */
export function drawDisc (side: number): Float64Array {
  return Float64Array.from({ length: side * side }, (_, i) => {
    const isInside = Math.hypot(i % side - side / 2, Math.floor(i / side) - side / 2) < side / 3
    return (isInside ? 180 : 80) + 120 * noiseOf(i) - 60
  })
}

/** Pseudo-random on [0, 1), by whole numbers that both sides have exactly. */
function noiseOf (i: number): number {
  return (i * 7919 % 10_007 * (i % 10_009) + i) % 10_037 / 10_037
}

/** Weights by way: one for all, or with contrast [side, side]. */
export function weightsOf ({ side, neighbours, weight, contrast }: Omit<Picture, 'labels' | 'aim'>, values: Float64Array): (Float64Array | number)[] {
  return ways.slice(0, neighbours / 2).map(({ x, y }) => {
    const far = weight / Math.hypot(x, y)
    if (contrast === 0) return far
    return values.map((value, p) => far * Math.exp(-(((value - (values[p + y * side + x] ?? value)) / contrast) ** 2) / 2))
  })
}

/** Costs of a label: how far a pixel is from the label's brightness, which go evenly from 80 to 180. */
export function costsOf (values: Float64Array, label: number, labels: number): Float64Array {
  const centre = 80 + 100 * label / (labels - 1)
  return values.map(value => Math.abs(value - centre))
}
