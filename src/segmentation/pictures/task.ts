/**
 * Piscina entry: segments one picture, from its file to that of its mask, away from the thread that answers requests. Next
 * hop: read.ts, ../segment.ts, draw.ts.
 */
import { AppError, type Failure } from '../../errors.js'
import type { Energy } from '../labeller.js'
import { segment } from '../segment.js'
import { defaults } from '../spec.js'
import { drawMask, drawOverlay } from './draw.js'
import { readTask, type SegmentTask } from './read.js'

/** A picture that is segmented. */
export interface SegmentedPicture {
  width: number
  height: number
  /** pixels of each label */
  counts: number[]
  /** of every iteration, by the colours as they were learnt for it */
  energies: Energy[]
  /** PNG whose numbers of a palette are labels */
  mask: Uint8Array
  /** PNG of the picture under the colours of its labels, where it was asked for */
  overlay?: Uint8Array
}

/** What the thread answers: errors lose their class on the way, so an AppError travels as its code and message. */
export type SegmentAnswer = { segmented: SegmentedPicture } | { failure: Failure }

/** Does the task. */
export default async function answer (task: SegmentTask): Promise<SegmentAnswer> {
  try {
    return { segmented: await segmentPicture(task) }
  } catch (error) {
    if (error instanceof AppError) return { failure: error.toFailure() }
    throw error
  }
}

/** Does the task in this thread. @throws AppError invalid_picture */
export async function segmentPicture (task: SegmentTask): Promise<SegmentedPicture> {
  const { pixels, seeds } = await readTask(task)
  const { labelling, energies } = segment(pixels, seeds, task.options)
  const counts = new Array<number>(task.options.labels ?? defaults.labels).fill(0)
  for (let p = 0; p < labelling.length; p++) counts[labelling[p]!]!++
  const { width, height } = pixels
  const mask = drawMask(pixels, labelling)
  return { width, height, counts, energies, mask, ...task.overlay && { overlay: drawOverlay(pixels, labelling) } }
}
