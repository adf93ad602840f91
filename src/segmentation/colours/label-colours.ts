/** The colours of labels, one label after the other: mixtures.ts and histogram.ts learn them. */
import type { Pixels } from '../../datasets/formats/pictures/picture.js'

export interface LabelColours {
  /** Learns a label's colours of the pixels that teach it: the seeds first, then those inside of a labelling. */
  learn (label: number): void
  /** Writes D of every pixel by what was learnt. @param place of Float64 [height, width], behind which three more may be written */
  cost (label: number, place: number): void
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
