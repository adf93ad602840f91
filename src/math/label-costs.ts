/** Costs of the labels of pixels, as labellings by cuts and by mean field take them. */

/**
 * Checks them: numbers, or Infinity for a label that a pixel must not have, and one of each pixel is finite.
 * @param unary [labels, pixels]
 * @throws RangeError that says what and where
 */
export function checkLabelCosts (unary: Float32Array | Float64Array, labels: number, pixels: number): void {
  if (unary.length !== labels * pixels) throw new RangeError(`unary must have ${labels} x ${pixels} numbers, got ${unary.length}`)
  const least = new Float64Array(pixels).fill(Infinity)
  for (let label = 0, at = 0; label < labels; label++) { // as they lie: planes are often a power of two apart
    for (let p = 0; p < pixels; p++, at++) {
      const cost = unary[at]!
      if (!(cost > -Infinity)) throw new RangeError(`unary of pixel ${p} and label ${label} must be a number or Infinity, got ${cost}`)
      if (cost < least[p]!) least[p] = cost
    }
  }
  const wrong = least.indexOf(Infinity)
  if (wrong >= 0) throw new RangeError(`unary of pixel ${wrong} must be finite for one label, got Infinity for all`)
}

/** The label of least cost for each pixel, the lowest of equals. @param unary [labels, pixels] @returns [pixels] */
export function cheapest (unary: Float64Array, pixels: number): Uint8Array {
  const labelling = new Uint8Array(pixels)
  const least = unary.slice(0, pixels)
  for (let label = 1, at = pixels; at < unary.length; label++) {
    for (let p = 0; p < pixels; p++, at++) {
      if (!(unary[at]! < least[p]!)) continue
      least[p] = unary[at]!
      labelling[p] = label
    }
  }
  return labelling
}
