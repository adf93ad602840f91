/**
 * Pictures that do not fill their frame: what is found of one is found of its own pixels, at its own size, and laid into the frame for
 * the network, with 0 around it. So nothing outside has a part in cuts, filters, contrasts, prices; means are over what a step sees of
 * the picture itself.
 */
import { ways } from '../../graphcut/shape.js'
import { layWindow, type Size } from '../../math/windows.js'
import { fills, within, type Pictures } from './data.js'

/** Finds something of every picture, in one row each. */
export interface Finder {
  /** numbers of a picture: so many maps, [maps, height, width, numbers of a pixel] */
  width: number
  maps: number
  /**
   * Finds the row of picture i.
   * @param shares what the network says of it, [height, width, labels]; not looked at where it is found once
   * @param last   its row of before, all 0 where there is none
   */
  find (i: number, shares: Float32Array, last: Float32Array, into: Float32Array): void
}

/** Has pictures found at their own size. */
export function inFrame<T extends Finder> (beside: T, pictures: Pictures): T {
  const { frame, extents } = pictures
  const { maps, width } = beside
  const layout = { maps, size: frame, numbers: width / maps / (frame[0] * frame[1]) }
  return {
    ...beside,
    find (i: number, shares: Float32Array, last: Float32Array, into: Float32Array) {
      const extent = extents[i]!
      if (fills(extent, frame)) return beside.find(i, shares, last, into)
      const own = new Float32Array(maps * extent.height * extent.width * layout.numbers)
      // of the last X and of shares, which are not read where several maps are found
      beside.find(i, shares.length > 0 ? within(pictures, i, shares) : shares, maps === 1 ? within(pictures, i, last) : last, own)
      into.fill(0)
      layWindow(own, layout, extent, into)
    }
  }
}

/** The part of a picture that a step sees of it: as large as a window, or as the picture where it is smaller. */
export function seenOf ({ extents }: Pictures, i: number, window: Size): Size {
  const { height, width } = extents[i]!
  return [Math.min(height, window[0]), Math.min(width, window[1])]
}

/** Pairs of neighbours in a part of a picture. */
export function countPairs ([height, width]: Size, neighbours: 4 | 8): number {
  return ways.slice(0, neighbours / 2).reduce((sum, { x, y }) => sum + (height - y) * (width - Math.abs(x)), 0)
}
