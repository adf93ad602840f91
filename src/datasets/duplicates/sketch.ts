/**
 * Texts as points between which distance says how many words they share: the set of a text's words, of length 1, projected
 * to a few numbers by signs that belong to the word (count sketch; Charikar, Chen, Farach-Colton 2002). The squared distance
 * of two is about 2 - 2 cosine: 0 for the same words in any order.
 */
import { openStream } from '../../math/random.js'
import { PADDING } from '../words/tokens.js'
import { rowAt, toRows, type Rows } from './rows.js'

/** Numbers of a sketch. Cosines are off by about 1 / sqrt(size): 0.06, where copies are nearer than that to 1 by far. */
const size = 256
/** Places of a word in it. */
const places = 4

/** Sketches rows of tokens. @returns [rows, 256] in float32; a new array */
export function sketchTexts (tokens: Rows, seed: number): Rows {
  const sketches = new Float32Array(tokens.count * size)
  const known = new Map<number, Int32Array>()
  const placesOf = (word: number): Int32Array => {
    const found = known.get(word)
    if (found !== undefined) return found
    const stream = openStream(seed, 'sketch', word)
    const drawn = Int32Array.from({ length: places }, () => stream.integer(2 * size)) // place, and sign
    known.set(word, drawn)
    return drawn
  }
  for (let row = 0; row < tokens.count; row++) {
    const words = new Set(rowAt(tokens, row))
    words.delete(PADDING)
    const sketch = sketches.subarray(row * size, (row + 1) * size)
    const weight = 1 / Math.sqrt(Math.max(1, words.size) * places)
    for (const word of words) for (const drawn of placesOf(word)) sketch[drawn >> 1]! += drawn % 2 === 0 ? weight : -weight
  }
  return toRows([sketches], size)
}
