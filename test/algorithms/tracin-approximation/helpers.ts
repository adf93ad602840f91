/** Trials of tracin-approximation that take some milliseconds. */
import type { RunEvent } from '../../../src/algorithms/contract.js'
import { tracinApproximation } from '../../../src/algorithms/tracin-approximation/index.js'
import type { Finished } from '../../../src/algorithms/tracin-approximation/report/arms.js'
import type { ApproximationResult } from '../../../src/algorithms/tracin-approximation/result.js'
import type { ApproximationSpec } from '../../../src/algorithms/tracin-approximation/spec.js'
import type { Engine } from '../../../src/tensor/engine.js'
import { drive, fillSpec, generateData } from '../../helpers/drive.js'

export const algorithm = tracinApproximation as unknown as Parameters<typeof fillSpec>[0]

export function makeSpec (changes: object = {}): ApproximationSpec {
  return fillSpec<ApproximationSpec>(algorithm, {
    data: { generator: { type: 'blobs', classes: 3, features: 5, train: 30, test: 8, spread: 0.4, seed: 1 } },
    network: { type: 'mlp', hidden: [6] },
    learningRates: [0.02],
    epochs: 4,
    checkpoints: { counts: [1, 2, 4] },
    seeds: [0, 1, 2],
    ...changes
  })
}

/** Runs all trials of a spec. A Float64 kind never asks for an engine. */
export async function runAll (spec: ApproximationSpec): Promise<(Finished & { events: RunEvent[] })[]> {
  const trials = algorithm.plan(spec)
  return await Promise.all(trials.map(async (definition, i) => {
    const data = generateData(algorithm, definition)
    const { events, result } = await drive(algorithm, definition, { engine: undefined as unknown as Engine, data })
    return {
      id: `t${i}`, definition: definition as Finished['definition'], state: 'succeeded', result: result as ApproximationResult, metrics: {}, events
    }
  }))
}
