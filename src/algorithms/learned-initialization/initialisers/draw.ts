/** Random starts. Every instance has a stream of its own, whose next numbers they are: whoever draws more begins with the same. */
import type { Family } from '../families/family.js'
import type { Random } from './initialiser.js'

/** What the streams of starts are for: of instances that are tested, and of those that are learned from. */
export type StartPurpose = 'starts' | 'offline starts'

/**
 * Draws starts from P0.
 * @param from  number of the first instance
 * @param runs  starts of each
 * @returns [count, runs, size]
 */
export function drawStarts (
  { size, start }: Pick<Family, 'size' | 'start'>, { count, from, runs }: { count: number, from: number, runs: number }, random: Random, purpose: StartPurpose = 'starts'
): Float64Array {
  const starts = new Float64Array(count * runs * size)
  for (let i = 0; i < count; i++) starts.set(start(runs, random(purpose, from + i)), i * runs * size)
  return starts
}
