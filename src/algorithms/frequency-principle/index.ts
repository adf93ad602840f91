/**
 * Kind `frequency-principle`: fits networks to a target with several optimizers and asks whether low frequencies are
 * learned before high ones, whatever the optimizer. A description only; run.ts does it, report.ts concludes.
 */
import { classifiable } from '../../datasets/classes.js'
import { defineAlgorithm, type InputDescriptions, type Needs, type TrialDefinition } from '../contract.js'
import { check } from './check.js'
import { under } from './conditions.js'
import { estimateData, stepsOf, takeDataSlots } from './data/check.js'
import { armOf } from './optimizer-spec.js'
import { presets } from './presets.js'
import { report } from './report/report.js'
import { FrequencyPrincipleResult } from './result.js'
import { FrequencyPrincipleSpec, metrics } from './spec.js'
import { makePoints } from './function/points.js'
import { netOf, sizeOf } from './function/network.js'
import { bytesOf } from './work.js'

/** The description of the kind. */
export const frequencyPrinciple = defineAlgorithm({
  kind: 'frequency-principle',
  title: 'Frequency principle: low frequencies first, whatever the optimizer',
  version: '4',
  paper: {
    title: 'Frequency Principle in Deep Learning Beyond Gradient-descent-based Training',
    authors: 'Ma, Xu, Zhang',
    year: 2021,
    arxiv: '2101.00747',
    equations: 'relative error at the peaks of the spectrum, for CG, BFGS, Powell and PSO; filtering and projection for data sets'
  },
  spec: FrequencyPrincipleSpec,
  result: FrequencyPrincipleResult,
  metrics,
  outcomes: {
    gradient: { advice: 'The gradient is below its tolerance: it has converged. A smaller gradientTolerance goes on.' },
    value: { advice: 'The loss has reached targetValue.' },
    steps: { advice: 'The budget of steps is used up. Raise it when bands are not learned yet.' },
    evaluations: { advice: 'The budget of evaluations is used up. Raise it when bands are not learned yet.' },
    'line-search': { advice: 'No step along the line lowers the loss enough. Another seed, or a smoother target.' },
    stalled: { advice: 'Steps or gains have fallen to rounding. Another seed, or for powell and pso a larger network.' },
    unbounded: { advice: 'The loss still falls as far out as a line was searched: no minimum is in sight. Another seed, or smaller first weights.' },
    'not-finite': { advice: 'Loss or gradient left the numbers; what was recorded before stands. Lower the learning rate.', nonFinite: true }
  },
  presets,
  plan,
  inputs: ({ data }) => data === undefined ? [] : [{ path: 'spec.data', name: 'data', kind: 'data', accepts: classifiable }],
  needs,
  check,
  load: async () => await import('./run.js'),
  report
})

function plan (spec: FrequencyPrincipleSpec): TrialDefinition<FrequencyPrincipleSpec>[] {
  const conditions = spec.conditions ?? [undefined]
  return spec.optimizers.flatMap(optimizer => conditions.flatMap(condition => spec.seeds.map(seed => ({
    arm: condition === undefined ? armOf(optimizer) : `${armOf(optimizer)}, ${condition.name}`,
    seed,
    spec: { ...(condition === undefined ? spec : under(spec, condition)), optimizers: [optimizer] }
  }))))
}

function needs (
  { spec }: TrialDefinition<FrequencyPrincipleSpec>, { data: { data } }: InputDescriptions
): Needs {
  const { target } = spec
  const optimizer = spec.optimizers[0]!
  const common = { device: 'any', deterministic: true } as const
  const alone = { ...common, slots: 1, threads: 1, crew: 1, engine: 'float64' } as const
  if (target.type !== 'data') {
    const bytes = bytesOf(optimizer, sizeOf(netOf(spec, target, optimizer), makePoints(target).y.length))
    return { ...alone, estimate: { steps: stepsOf(optimizer), bytes } }
  }
  const estimate = estimateData(spec, data!)
  if (target.precision === 'float64') return { ...alone, estimate }
  return { ...common, ...takeDataSlots(spec, data!), engine: 'tensor', estimate }
}
