/** What a trial takes of a lane. Pure. */
import { sizeOf } from '../../math/arrays.js'
import { describeClasses } from '../../datasets/classes.js'
import type { DatasetDescription } from '../../datasets/dataset.js'
import { parameterCount } from '../../tensor/architecture.js'
import type { Needs } from '../contract.js'
import { architectureOf } from '../kit/network.js'
import { takeSlots } from '../kit/slots.js'
import type { Arm } from './arms.js'
import { totalSteps } from './horizons.js'
import type { LinearProblem, Points } from './linear/spec.js'
import { countsOf } from './network/data.js'
import type { NetworkProblem } from './network/spec.js'
import { workOf } from './network/work.js'

/** @param data of a network, or of classes that are points */
export function needsOf (arm: Arm, data: DatasetDescription | undefined): Needs {
  return arm.problem.type === 'network' ? needsOfNetwork(arm as Arm<NetworkProblem>, data!) : needsOfLinear(arm as Arm<LinearProblem>, data)
}

function needsOfLinear ({ problem: { points, steps }, radius }: Arm<LinearProblem>, data: DatasetDescription | undefined): Needs {
  const { count, dimensions } = sizeOfPoints(points, data)
  return {
    slots: 1,
    threads: 1,
    device: 'any',
    engine: 'float64',
    crew: 1,
    deterministic: true,
    estimate: { steps: totalSteps(radius, steps), bytes: 8 * count * dimensions }
  }
}

/** How many points there are at most, and the numbers of one. @param data of classes */
export function sizeOfPoints (points: Points, data: DatasetDescription | undefined): { count: number, dimensions: number } {
  switch (points.type) {
    case 'given': return { count: points.points.length, dimensions: points.points[0]!.length }
    case 'two-vectors': return { count: 2, dimensions: 2 }
    case 'forty': return { count: 40, dimensions: 2 }
    case 'random': return { count: points.examples, dimensions: points.dimensions }
    case 'classes': {
      const { inputShape, trainCount } = describeClasses(data!, 'spec.problem.points.data')
      return { count: Math.min(points.trainExamples ?? Infinity, trainCount), dimensions: sizeOf(inputShape) }
    }
  }
}

function needsOfNetwork ({ problem, training }: Arm<NetworkProblem>, data: DatasetDescription): Needs {
  const described = describeClasses(data, 'spec.problem.data')
  const architecture = architectureOf(problem.network, described)
  const counts = countsOf(problem, described)
  return {
    ...takeSlots(problem.slots, architecture, problem.batchSize),
    device: 'any',
    engine: 'tensor',
    deterministic: true,
    estimate: {
      steps: workOf(problem, training, counts).all,
      bytes: 4 * (counts.train + counts.test) * sizeOf(described.inputShape) + 8 * parameterCount(architecture)
    }
  }
}
