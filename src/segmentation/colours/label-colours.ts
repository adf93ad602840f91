/** The colours of labels, one label after the other: mixtures.ts and histogram.ts learn them. */
import type { KernelPicture } from '../kernels.js'

export interface LabelColours {
  /** Learns a label's colours of the pixels that teach it: the seeds first, then those inside of a labelling. */
  learn (label: number): void
  /** Writes D of every pixel by what was learnt. @param place of Float64 [height, width], behind which three more may be written */
  cost (label: number, place: number): void
}

/**
 * Opens what finds the colours of the pixels of a label, anew each time: [count, channels], until it is asked again.
 * @param taught where the labels lie: Uint8 [height, width]
 */
export function openColours (picture: KernelPicture, taught: number): (label: number) => Uint8Array {
  const { kernels, pixels, channels } = picture
  const place = picture.lay(channels * pixels)
  return label => picture.bytesAt(place, channels * kernels.gather(pixels, label, taught, place))
}
