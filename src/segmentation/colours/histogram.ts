/**
 * What colours a label has, as a histogram: each channel is cut into equal bins, and every bin counts one colour more than it
 * has (Laplace), so that what the scribbles do not show is not impossible:
 *
 *   D(z) = -log (n(bin of z) + 1) / (n + bins^channels)
 *
 * Boykov, Jolly 2001 take histograms of grey.
 */

export interface ColourHistogram {
  channels: number
  bins: number
  /** [bins^channels]: D of every bin */
  costs: Float64Array
}

/** Counts colours. @param colours [count, channels] @param bins of a channel: 2 .. 64 */
export function countColours (colours: Uint8Array, channels: number, bins: number): ColourHistogram {
  const costs = new Float64Array(bins ** channels).fill(1)
  const count = colours.length / channels
  for (let i = 0; i < count; i++) costs[binOf(colours, i, channels, bins)]!++
  const all = count + costs.length
  return { channels, bins, costs: costs.map(value => -Math.log(value / all)) }
}

/** D of every colour, in place. @param colours [count, channels] @param costs [count] */
export function costsByHistogram ({ channels, bins, costs: ofBins }: ColourHistogram, colours: Uint8Array, costs: Float64Array): void {
  for (let i = 0; i < costs.length; i++) costs[i] = ofBins[binOf(colours, i, channels, bins)]!
}

function binOf (colours: Uint8Array, i: number, channels: number, bins: number): number {
  let bin = 0
  for (let at = i * channels; at < (i + 1) * channels; at++) bin = bin * bins + (colours[at]! * bins >> 8)
  return bin
}
