/** Pictures to be segmented. */
import type { Pixels } from '../../src/datasets/formats/pictures/picture.js'
import type { RandomStream } from '../../src/math/random.js'

/** Draws noise. */
export function drawPixels (height: number, width: number, channels: 1 | 3, stream: RandomStream): Pixels {
  return { height, width, channels, data: Uint8Array.from({ length: height * width * channels }, () => stream.integer(256)) }
}

/** A picture of two colours: a rectangle of the second in the first. */
export function drawRectangle (height: number, width: number, [ground, figure]: [number[], number[]]): Pixels & { truth: Uint8Array } {
  const truth = Uint8Array.from({ length: height * width }, (_, p) => {
    const [x, y] = [p % width, Math.floor(p / width)]
    return Number(x >= width / 4 && x < 3 * width / 4 && y >= height / 4 && y < 3 * height / 4)
  })
  const data = Uint8Array.from([...truth].flatMap(label => label === 1 ? figure : ground))
  return { height, width, channels: ground.length as 1 | 3, data, truth }
}
