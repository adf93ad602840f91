/** The trial that tests of adm-segmentation run: a small network on a few scenes of 12 x 12. */
import { admSegmentation as kind } from '../../../src/algorithms/adm-segmentation/index.js'
import type { TrialDefinition } from '../../../src/algorithms/contract.js'
import type { Dataset } from '../../../src/datasets/dataset.js'
import { drive, driveInPieces, fillSpec, generateData, type Driven, type DriveOptions } from '../../helpers/drive.js'
import { openTestEngine } from '../../tensor/helpers.js'

export const engine = await openTestEngine()

/** Pairs of a dense CRF that fit the pictures. */
export const dense = { type: 'dense', position: 3, colour: 40 }

export interface SmallTrial {
  trial: TrialDefinition
  data: Record<string, Dataset>
  runOn: (options?: Partial<DriveOptions>) => Promise<Driven>
  /** taken up where each piece ends: after so many events */
  runInPieces: (cuts: number[]) => Promise<Pick<Driven, 'events' | 'result'>>
}

/** Pictures of a generator. */
export function scenesOf ({ train = 6, test = 2 } = {}): object {
  return { generator: { type: 'scenes', size: 12, classes: 3, shapes: 2, train, test, noise: 0.1, seed: 3 } }
}

/** Opens the one trial of a method. @param changes of the spec */
export function openTrial (method: object, changes: object = {}): SmallTrial {
  const [definition] = kind.plan(fillSpec(kind, {
    data: scenesOf(), network: { type: 'conv', filters: [3] }, warmup: 1, epochs: 2, batchSize: 3, methods: [method], seeds: [5], ...changes
  }))
  const trial = definition!
  const data = generateData(kind, trial)
  return {
    trial,
    data,
    runOn: async (options = {}) => await drive(kind, trial, { engine, data, ...options }),
    runInPieces: async cuts => await driveInPieces(kind, trial, { engine, data }, cuts)
  }
}
