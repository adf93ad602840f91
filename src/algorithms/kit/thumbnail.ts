/** Small pictures of examples, for contact sheets. */
import { encode } from 'fast-png'
import type { LabelledSplit, Scale } from '../../datasets/dataset.js'
import { perNumber } from '../../datasets/scaling.js'

/** Whether inputs of a shape can be shown: [height, width, 1 or 3], no side above 256 pixels. */
export function isPicture (inputShape: readonly number[]): boolean {
  const [height = 0, width = 0, channels = 0] = inputShape
  return inputShape.length === 3 && (channels === 1 || channels === 3) && Math.max(height, width) <= 256
}

/**
 * Draws one example as PNG, one pixel per pixel. Preprocessed values 0 .. 1 become dark .. bright; where every channel has a
 * scale of its own, two deviations below the mean .. two above it.
 * @param inputShape [height, width, channels] that isPicture accepts
 */
export function drawExample (
  split: LabelledSplit, index: number, inputShape: readonly number[], scale: Scale
): Uint8Array {
  const [height, width, channels] = inputShape as [number, number, number]
  const size = height * width * channels
  const values = split.inputs.subarray(index * size, (index + 1) * size)
  const { offsets, scales } = perNumber(scale, size)
  const [dark, bright] = typeof scale.scale === 'number' ? [0, 1] : [-2, 2]
  const brightness = (value: number, k: number) => ((value - offsets[k]!) * scales[k]! - dark) / (bright - dark)
  const data = values instanceof Uint8Array
    ? Uint8Array.from(values)
    : Uint8Array.from(values, (value, k) => Math.round(255 * Math.min(1, Math.max(0, brightness(value, k)))))
  return encode({ width, height, channels, depth: 8, data })
}
