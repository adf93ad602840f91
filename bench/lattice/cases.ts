/** What `bench:lattice` labels: pictures of a disc under noise, the same numbers in lattice/peer.py. */

export interface Picture {
  side: number
  labels: number
}

export interface Measured {
  /** W of the picture, and mean field with it */
  create: number
  infer: number
  /** what the process has grown by at most, in MB */
  memory: number
  /** how many pixels have each label */
  counts: number[]
}

export const pictures: Picture[] = [
  { side: 128, labels: 2 }, { side: 256, labels: 2 }, { side: 512, labels: 2 }, { side: 256, labels: 21 }
]

/** Kernels of both sides. */
export const kernels = [{ weight: 10, position: 80, colour: 13 }, { weight: 3, position: 3 }]

export const ITERATIONS = 10

/** Colours of the pixels: 80, 120, 160 around a disc of 160, 120, 80, noise of +-15. @returns [side, side, 3], whole numbers */
export function drawPixels (side: number): Uint8Array {
  return Uint8Array.from({ length: 3 * side * side }, (_, i) => {
    const [pixel, channel] = [Math.floor(i / 3), i % 3]
    return Math.floor((isInside(side, pixel) ? 160 - 40 * channel : 80 + 40 * channel) + 30 * noiseOf(i) - 15)
  })
}

/** -ln of how likely labels are, the likeliest of which is wrong for three of ten pixels. @returns [labels, side, side] */
export function drawUnary (side: number, labels: number): Float32Array {
  const points = side * side
  const likely = labels === 2 ? 0.7 : 0.5
  const costs = new Float32Array(labels * points).fill(-Math.log((1 - likely) / (labels - 1)))
  for (let p = 0; p < points; p++) {
    const right = isInside(side, p) ? 1 : 0
    const label = noiseOf(p + 17) < 0.7 ? right : (right + 1 + Math.floor(noiseOf(p + 29) * (labels - 1))) % labels
    costs[label * points + p] = -Math.log(likely)
  }
  return costs
}

function isInside (side: number, pixel: number): boolean {
  return Math.hypot(pixel % side - side / 2, Math.floor(pixel / side) - side / 2) < side / 3
}

/** Pseudo-random on [0, 1), by whole numbers that both sides have exactly. */
function noiseOf (i: number): number {
  return (i * 7919 % 10_007 * (i % 10_009) + i) % 10_037 / 10_037
}
