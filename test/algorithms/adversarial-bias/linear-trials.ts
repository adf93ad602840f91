/** Trials of linear classifiers that take some milliseconds. */
import type { Algorithm } from '../../../src/algorithms/contract.js'
import { adversarialBias } from '../../../src/algorithms/adversarial-bias/index.js'
import type { AdversarialResult, LinearResult } from '../../../src/algorithms/adversarial-bias/result.js'
import type { AdversarialSpec } from '../../../src/algorithms/adversarial-bias/spec.js'
import { drive, fillSpec, generateData, type DriveOptions, type Driven } from '../../helpers/drive.js'

export const algorithm = adversarialBias as unknown as Algorithm

/** A spec of a linear classifier. @param problem  what differs from the defaults @param trainings  one or more */
export function makeSpec (problem: object, ...trainings: object[]): AdversarialSpec {
  return fillSpec<AdversarialSpec>(algorithm, { problem: { type: 'linear', ...problem }, trainings: trainings.length > 0 ? trainings : [{}], seeds: [0] })
}

export interface LinearTrial extends Driven { outcome: AdversarialResult['outcome'], of: LinearResult }

/** Runs the trials of a spec, one after the other. A Float64 kind never asks for an engine. */
export async function runAll (spec: AdversarialSpec, options: Partial<DriveOptions> = {}): Promise<LinearTrial[]> {
  const trials: LinearTrial[] = []
  for (const definition of algorithm.plan(spec)) {
    const driven = await drive(algorithm, definition, { data: generateData(algorithm, definition), ...options })
    const result = driven.result as AdversarialResult | undefined
    trials.push({ ...driven, outcome: result?.outcome as LinearTrial['outcome'], of: result?.of as LinearResult })
  }
  return trials
}

/** The one trial of a training. */
export async function runOne (problem: object, training: object = {}, options: Partial<DriveOptions> = {}): Promise<LinearTrial> {
  const [trial] = await runAll(makeSpec(problem, training), options)
  return trial!
}
