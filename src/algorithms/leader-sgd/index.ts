/**
 * Kind `leader-sgd`: several workers train copies of one thing and are pulled towards the best of them, beside every usual way
 * to train together. A description only; run.ts does it, report/report.ts concludes.
 */
import { labelledClasses } from './data.js'
import { defineAlgorithm, type InputDescriptions, type Needs, type TrialDefinition } from '../contract.js'
import { armOf, armsOf, specOf } from './arms.js'
import { check } from './check.js'
import { needsOf } from './needs.js'
import { presets } from './presets.js'
import { report } from './report/report.js'
import { LeaderResult } from './result.js'
import { LeaderSpec, metrics } from './spec.js'

/** The description of the kind. */
export const leaderSgd = defineAlgorithm({
  kind: 'leader-sgd',
  title: 'Leader SGD: distributed training that follows its best worker',
  version: '1',
  paper: {
    title: 'Leader Stochastic Gradient Descent for Distributed Training of Deep Learning Models',
    authors: 'Teng, Gao, Chalus, Choromanska, Goldfarb, Weller',
    year: 2019,
    arxiv: '1905.10395',
    equations: 'LSGD with one and with several leaders, asynchronous LSGD (Algorithm 1), its stationary points and rates; EASGD, DOWNPOUR'
  },
  spec: LeaderSpec,
  result: LeaderResult,
  metrics,
  outcomes: {
    finished: { advice: 'All steps were made.' },
    diverged: { advice: 'A loss left the numbers; what was recorded before stands. Lower the learning rate, or the pull.', nonFinite: true }
  },
  presets,
  plan,
  inputs: ({ problem }) => problem.type === 'network' ? [{ path: 'spec.problem.data', name: 'data', kind: 'data', accepts: labelledClasses }] : [],
  needs,
  check,
  load: async () => await import('./run.js'),
  report
})

function plan (spec: LeaderSpec): TrialDefinition<LeaderSpec>[] {
  return armsOf(spec).flatMap(arm => spec.seeds.map(seed => ({ arm: arm.name, seed, spec: specOf(spec, arm) })))
}

function needs ({ spec }: TrialDefinition<LeaderSpec>, { data: { data } }: InputDescriptions): Needs {
  return needsOf(spec, armOf(spec, spec.methods[0]!), data)
}
