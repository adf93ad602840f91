/**
 * A picture at a part of its size, and back: blocks of scale x scale pixels become one. Sides are multiples of the scale. With
 * scale 1 every function here gives back what it was given, to the bit. What is computed at that size: dense.ts.
 */
export interface Grid {
  /** of the whole picture, in pixels */
  width: number
  height: number
  scale: number
}

/** Means of the blocks. @param values [height, width, channels] @returns [height / scale, width / scale, channels] */
export function shrink (values: ArrayLike<number>, channels: number, grid: Grid): Float32Array {
  const sums = new Float64Array(values.length / grid.scale ** 2)
  eachNumber(grid, channels, (at, to) => { sums[to]! += values[at]! })
  return Float32Array.from(sums, sum => sum / grid.scale ** 2)
}

/** The transpose of `shrink`: the gradient of f(shrink(v)) by v. @param gradient of f @returns [height, width, channels] */
export function spread (gradient: Float32Array, channels: number, grid: Grid): Float32Array {
  const whole = new Float32Array(gradient.length * grid.scale ** 2)
  eachNumber(grid, channels, (at, from) => { whole[at] = gradient[from]! / grid.scale ** 2 })
  return whole
}

/**
 * Costs of the blocks, -log of the mean of e^-U: with U = -log S those of the mean share. A label that no pixel of a block may
 * have costs Infinity.
 * @param unary U, [labels, height, width], finite or Infinity
 * @returns [labels, height / scale, width / scale]
 */
export function shrinkCosts (unary: Float64Array, grid: Grid): Float64Array {
  const planes = { ...grid, height: unary.length / grid.width } // one below the other
  const least = new Float64Array(unary.length / grid.scale ** 2).fill(Infinity)
  eachNumber(planes, 1, (at, to) => { least[to] = Math.min(least[to]!, unary[at]!) })
  const sums = new Float64Array(least.length)
  eachNumber(planes, 1, (at, to) => { sums[to]! += unary[at] === Infinity ? 0 : Math.exp(least[to]! - unary[at]!) })
  return least.map((cost, i) => cost === Infinity ? Infinity : cost - Math.log(sums[i]! / grid.scale ** 2))
}

/**
 * Draws up, linearly between the middles of the blocks.
 * @param values [height / scale, width / scale, channels]
 * @returns [height, width, channels]
 */
export function enlarge (values: Float32Array, channels: number, { width, height, scale }: Grid): Float32Array {
  const columns = between(width, scale)
  const rows = between(height, scale)
  const stride = width / scale * channels
  const whole = new Float32Array(height * width * channels)
  let to = 0
  for (const [top, bottom, down] of rows) {
    for (const [left, right, across] of columns) {
      for (let c = 0; c < channels; c++) {
        const at = (row: number, block: number) => values[row * stride + block * channels + c]!
        const above = (1 - across) * at(top, left) + across * at(top, right)
        const below = (1 - across) * at(bottom, left) + across * at(bottom, right)
        whole[to++] = (1 - down) * above + down * below
      }
    }
  }
  return whole
}

/** Of each of a side's pixels the two blocks whose middles are around it, and how far it is from the first to the second, 0 .. 1. */
function between (side: number, scale: number): [number, number, number][] {
  const last = side / scale - 1
  return Array.from({ length: side }, (_, i) => {
    const place = Math.min(last, Math.max(0, (i + 0.5) / scale - 0.5))
    const first = Math.floor(place)
    return [first, Math.min(first + 1, last), place - first]
  })
}

/** Every number of [height, width, channels], and that of its block. */
function eachNumber ({ width, height, scale }: Grid, channels: number, visit: (at: number, block: number) => void): void {
  const stride = width / scale * channels
  let at = 0
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / scale) * stride
    for (let x = 0; x < width; x++) {
      const block = row + Math.floor(x / scale) * channels
      for (let c = 0; c < channels; c++) visit(at++, block + c)
    }
  }
}
