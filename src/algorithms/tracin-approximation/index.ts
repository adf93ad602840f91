/**
 * Kind `tracin-approximation`: how near the forms of TracIn that one can afford come to the ideal one, which writes down what
 * every single step did to every test loss. A description only; run.ts does it, report/report.ts concludes.
 */
import { describeLabelled } from '../../datasets/labelled.js'
import { defineAlgorithm, type InputDescriptions, type Needs, type TrialDefinition } from '../contract.js'
import { check } from './check.js'
import { checkpointsOf } from './checkpoints.js'
import { accepts, countsOf, netOf } from './data.js'
import { presets } from './presets.js'
import { report } from './report/report.js'
import { ApproximationResult } from './result.js'
import { ApproximationSpec, metrics } from './spec.js'
import { stepsOf, workOf } from './work.js'

/** The description of the kind. */
export const tracinApproximation = defineAlgorithm({
  kind: 'tracin-approximation',
  title: 'TracIn approximated: first order, checkpoints and random projections against the ideal',
  version: '1',
  paper: {
    title: 'Estimating Training Data Influence by Tracing Gradient Descent',
    authors: 'Pruthi, Liu, Kale, Sundararajan',
    year: 2020,
    arxiv: '2002.08484',
    equations: 'TracInIdeal and its completeness, first-order approximation, TracInCP, random projections'
  },
  spec: ApproximationSpec,
  result: ApproximationResult,
  metrics,
  outcomes: {},
  presets,
  plan,
  inputs: () => [{ path: 'spec.data', name: 'data', kind: 'data', accepts }],
  needs,
  check,
  load: async () => await import('./run.js'),
  report
})

function plan (spec: ApproximationSpec): TrialDefinition<ApproximationSpec>[] {
  return spec.learningRates.flatMap(rate => spec.batchSizes.flatMap(batchSize => spec.seeds.map(seed =>
    ({ arm: `rate ${rate}, batch ${batchSize}`, seed, spec: { ...spec, learningRates: [rate], batchSizes: [batchSize] } }))))
}

function needs ({ spec }: TrialDefinition<ApproximationSpec>, { data: { data } }: InputDescriptions): Needs {
  const described = describeLabelled(data!, 'spec.data', accepts)
  const { train, tests } = countsOf(spec, described)
  const pace = { rate: spec.learningRates[0]!, batchSize: spec.batchSizes[0]!, examples: train }
  const projected = checkpointsOf(Math.max(...spec.checkpoints.counts), 'end', spec, pace).length
  const work = workOf(spec, { train, tests, batchSize: pace.batchSize, net: netOf(spec, described) }, projected)
  return {
    slots: 1,
    threads: 1,
    device: 'any',
    engine: 'float64',
    crew: 1,
    deterministic: true,
    estimate: { steps: stepsOf(work), bytes: work.bytes }
  }
}
