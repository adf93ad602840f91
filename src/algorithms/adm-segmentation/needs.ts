/** What a trial takes of a lane. Pure. */
import { sizeOf } from '../../math/arrays.js'
import type { DatasetDescription } from '../../datasets/dataset.js'
import { parameterCount } from '../../tensor/architecture.js'
import type { Needs } from '../contract.js'
import { takeSlots } from '../kit/slots.js'
import { seenShape, shapeOf } from './data.js'
import { architectureOf } from './networks.js'
import type { SegmentationSpec } from './spec.js'
import { workOf } from './work.js'

/** All arms have the same crew, and so the same threads of the tensor engine. @param data of the trial */
export function needsOf (spec: SegmentationSpec, data: DatasetDescription): Needs {
  const shape = shapeOf(spec, data)
  const architecture = architectureOf(spec.network, shape.inputShape, shape.classes.length)
  const pixels = sizeOf(shape.inputShape.slice(0, 2))
  const stored = (shape.train + shape.test) * sizeOf(shape.inputShape)
  const { slots, threads } = takeSlots(spec.slots, { ...architecture, inputShape: seenShape(spec, shape) }, spec.batchSize)
  return {
    slots: slots === 'all' ? slots : slots * spec.crew,
    threads,
    crew: spec.crew,
    device: 'any',
    engine: 'tensor',
    deterministic: true,
    estimate: {
      steps: workOf(spec, shape).all,
      bytes: stored + 4 * shape.train * pixels * shape.classes.length + 8 * parameterCount(architecture)
    }
  }
}
