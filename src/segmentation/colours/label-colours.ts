/** The colours of labels, one label after the other: mixtures.ts and histogram.ts learn them. */
import type { Pixels } from '../../datasets/formats/pictures/picture.js'

export interface LabelColours {
  /** Learns a label's colours. @param labelling [height, width]: the seeds first, then one of all pixels */
  learn (label: number, labelling: Uint8Array): void
  /** Writes D of every pixel by what was learnt. @param costs [height, width] */
  cost (label: number, costs: Float64Array): void
}

/** The colours of the pixels of a label: [count, channels]. */
export function coloursOf ({ channels, data }: Pixels, labelling: Uint8Array, label: number): Uint8Array {
  let count = 0
  for (let p = 0; p < labelling.length; p++) if (labelling[p] === label) count++
  const colours = new Uint8Array(count * channels)
  for (let p = 0, at = 0; p < labelling.length; p++) {
    if (labelling[p] === label) for (let channel = 0; channel < channels; channel++) colours[at++] = data[p * channels + channel]!
  }
  return colours
}
