/** What a labelling looks like: a mask whose numbers are the labels, and the picture under their colours. */
import type { Pixels } from '../../datasets/formats/pictures/picture.js'
import { encodeImage } from '../../figures/image-png.js'
import { classPalette, encodeIndexed } from '../../figures/indexed-png.js'

/** Encodes labels as PNG. @param labelling [height, width] */
export function drawMask ({ height, width }: { height: number, width: number }, labelling: Uint8Array): Uint8Array {
  return encodeIndexed(labelling, [height, width], classPalette())
}

/** Draws the picture half under the colour of each label but the first, whose pixels stay, with edges where labels change. */
export function drawOverlay ({ height, width, channels, data }: Pixels, labelling: Uint8Array): Uint8Array {
  const palette = classPalette()
  const values = new Uint8Array(height * width * 3)
  for (let pixel = 0; pixel < labelling.length; pixel++) {
    const label = labelling[pixel]!
    const isEdge = (pixel % width > 0 && labelling[pixel - 1] !== label) || (pixel >= width && labelling[pixel - width] !== label)
    for (let channel = 0; channel < 3; channel++) {
      const sample = data[pixel * channels + (channels === 1 ? 0 : channel)]!
      const under = label === 0 ? sample : (sample + palette[3 * label + channel]!) / 2
      values[3 * pixel + channel] = isEdge ? 255 : under
    }
  }
  return encodeImage({ shape: [height, width, 3], values })
}
