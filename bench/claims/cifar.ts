/** CIFAR's binary layout: per picture its label, then a plane of 32 x 32 for each of red, green and blue. */
import type { LabelledSplit } from '../../src/datasets/dataset.js'

const SIDE = 32

/** Reads pictures as [count, 32, 32, 3]. */
export function readPictures (bytes: Uint8Array): LabelledSplit & { inputs: Uint8Array } {
  const plane = SIDE * SIDE
  const count = bytes.length / (1 + 3 * plane)
  const labels = Int32Array.from({ length: count }, (_, i) => bytes[i * (1 + 3 * plane)]!)
  const inputs = new Uint8Array(count * 3 * plane)
  for (let i = 0, to = 0; i < count; i++) {
    const from = i * (1 + 3 * plane) + 1
    for (let pixel = 0; pixel < plane; pixel++) {
      for (let channel = 0; channel < 3; channel++) inputs[to++] = bytes[from + channel * plane + pixel]!
    }
  }
  return { inputs, labels, count }
}
