/**
 * What a step sees of its pictures: all of them, or a window of each, drawn anew by seed, step and picture. X and all else that is
 * found of a picture is found of the whole one, and cut out with it. Next hop: tensor/crops.ts.
 */
import type { RandomStream } from '../../math/random.js'
import { createFed, type Source } from '../../tensor/batches.js'
import { createCropped, type Corner } from '../../tensor/crops.js'
import type { TrialState } from './trial-state.js'

type Opened = Pick<TrialState, 'engine' | 'examples' | 'train' | 'spec' | 'beside' | 'random'>

/** Opens the batches of a trial. @param steps completed ones: the next step's number */
export function openSource (trial: Opened, steps: () => number): Source {
  const { engine, examples, train: { frame, extents }, spec: { crop }, beside, random } = trial
  if (crop === undefined) return createFed(engine, examples)
  const size = crop as [number, number]
  return createCropped(engine, examples, {
    size,
    cornersOf: indices => Array.from(indices, (i): Corner => {
      const { top, left, height, width } = extents[i]!
      const stream = random('crop', steps(), i)
      return {
        top: place(stream, size[0], { from: top, length: height, all: frame[0] }),
        left: place(stream, size[1], { from: left, length: width, all: frame[1] })
      }
    }),
    ...(beside ? { maps: { [beside.name]: beside.maps } } : {})
  })
}

/** Where a window begins along an axis: anywhere in the picture, or anywhere around it in the frame where the picture is smaller. */
function place (stream: RandomStream, window: number, { from, length, all }: { from: number, length: number, all: number }): number {
  const [one, other] = [from, from + length - window]
  const least = Math.max(0, Math.min(one, other))
  const most = Math.min(all - window, Math.max(one, other))
  return least + stream.integer(most - least + 1)
}
