/** The scribbles of many class maps: those that a trial learns from, drawn again when its model is asked. */
import type { RandomStream } from '../../math/random.js'
import { UNLABELLED } from '../unlabelled.js'
import { drawScribbles } from './scribble.js'
import type { ScribbleOptions } from './spec.js'

/** The purpose of the streams that trials draw scribbles from, by the trial's seed and the map's place. */
export const STROKES = 'strokes'

/**
 * Draws the scribbles of class maps, each from a stream of its own: none depends on which others are drawn.
 * @param maps    [count, height, width], classes
 * @param indices which maps are scribbled on; all when left out
 * @returns       [count, height, width], UNLABELLED where there is no scribble
 */
export function drawAll (
  maps: Uint8Array, [height, width]: readonly [number, number], options: ScribbleOptions, streamAt: (i: number) => RandomStream,
  indices: Iterable<number> = Array(maps.length / (height * width)).keys()
): Uint8Array {
  const size = height * width
  const scribbles = new Uint8Array(maps.length).fill(UNLABELLED)
  for (const i of indices) {
    scribbles.set(drawScribbles(maps.subarray(i * size, (i + 1) * size), [height, width], options, streamAt(i)), i * size)
  }
  return scribbles
}
