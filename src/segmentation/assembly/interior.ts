/** Which pixels of a labelling lie inside (AssemblyScript): ../colours/interior.ts. Sixteen pixels at once. */

const UNLABELLED: u8 = 255

/**
 * Writes seeds, the labels of pixels whose 5 x 5 have one label, and UNLABELLED for others. What is read and written may be that
 * of up to 15 pixels more than there are.
 * @param labelling, seeds, into u8[height, width]
 * @param flat u8[height, width], for its own use
 */
export function writeInterior (width: i32, height: i32, labelling: usize, seeds: usize, flat: usize, into: usize): void {
  for (let row = 0; row < height; row++) flattenRow(width, labelling + <usize>(row * width), flat + <usize>(row * width))
  for (let row = 0; row < height; row++) {
    const above = max(0, row - 2)
    const below = min(height - 1, row + 2)
    for (let x = 0; x < width; x += 16) { // what is written beyond the row is written anew with the next one
      const at = <usize>(row * width + x)
      const own = v128.load(labelling + at)
      let isInside = i8x16.splat(-1)
      for (let y = above; y <= below; y++) {
        const other = <usize>(y * width + x)
        isInside = v128.and(isInside, v128.and(v128.load(flat + other), i8x16.eq(v128.load(labelling + other), own)))
      }
      const seed = v128.load(seeds + at)
      const none = i8x16.splat(UNLABELLED)
      v128.store(into + at, v128.bitselect(v128.bitselect(own, none, isInside), seed, i8x16.eq(seed, none)))
    }
  }
}

/** Says of each pixel of a row whether the two left and right of it have its label: 255, else 0. */
// @ts-ignore: decorator
@inline
function flattenRow (width: i32, labels: usize, flat: usize): void {
  for (let x = 0; x < width;) {
    const at = labels + <usize>x
    if (x < 2 || x + 18 > width) {
      const own = load<u8>(at)
      let isFlat = true
      for (let other = max(0, x - 2), last = min(width - 1, x + 2); other <= last; other++) isFlat = isFlat && load<u8>(labels + <usize>other) === own
      store<u8>(flat + <usize>x, isFlat ? 255 : 0)
      x++
      continue
    }
    const own = v128.load(at)
    const near = v128.and(i8x16.eq(v128.load(at - 1), own), i8x16.eq(v128.load(at + 1), own))
    const far = v128.and(i8x16.eq(v128.load(at - 2), own), i8x16.eq(v128.load(at + 2), own))
    v128.store(flat + <usize>x, v128.and(near, far))
    x += 16
  }
}
