/**
 * What a step sees of its pictures: all of them, or a window of each, drawn anew by seed, step and picture. X and all else that is
 * found of a picture is found of the whole one, and cut out with it. Next hop: tensor/crops.ts.
 */
import { createFed, type Source } from '../../tensor/batches.js'
import { createCropped, type Window } from '../../tensor/crops.js'
import type { TrialState } from './trial-state.js'

/** Opens the batches of a trial. @param steps completed ones: the next step's number */
export function openSource ({ engine, examples, spec: { crop }, beside, random }: Pick<TrialState, 'engine' | 'examples' | 'spec' | 'beside' | 'random'>, steps: () => number): Source {
  if (crop === undefined) return createFed(engine, examples)
  const [height, width] = examples.inputShape as [number, number]
  return createCropped(engine, examples, {
    size: crop as [number, number],
    windowsOf: indices => Array.from(indices, (i): Window => {
      const stream = random('crop', steps(), i)
      return { top: stream.integer(height - crop[0]! + 1), left: stream.integer(width - crop[1]! + 1) }
    }),
    ...(beside ? { maps: { [beside.name]: beside.maps } } : {})
  })
}
