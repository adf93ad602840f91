/**
 * Kind `learned-initialization`: where gradient descent should start, learned from problems of the same family that were solved
 * before. A description only; run.ts does it, report/report.ts concludes.
 */
import { defineAlgorithm, type Input, type TrialDefinition } from '../contract.js'
import { nameOf, specOf } from './arms.js'
import { check } from './check.js'
import { needsOf } from './needs.js'
import { operations } from './operations/index.js'
import { presets } from './presets.js'
import { report } from './report/report.js'
import { InitializationResult } from './result.js'
import { InitializationSpec, metrics } from './spec.js'

/** The description of the kind. */
export const learnedInitialization = defineAlgorithm({
  kind: 'learned-initialization',
  title: 'Learned initialization: where gradient descent should start',
  version: '1',
  paper: {
    title: 'Learning to Initialize Gradient Descent Using Gradient Descent',
    authors: 'Ahuja, Dhurandhar, Varshney',
    year: 2020,
    arxiv: '2012.12141',
    equations: 'Arg-Init and Val-Init beside independent and conditional random initialization, for power allocation and for synthetic families'
  },
  spec: InitializationSpec,
  result: InitializationResult,
  metrics,
  outcomes: {
    finished: { advice: 'Every test instance ended with a state.' },
    diverged: { advice: 'Objectives of instances became no numbers: their best states from before stand. A lower learning rate of the solver helps.' }
  },
  operations,
  presets,
  plan,
  inputs,
  needs: needsOf,
  check,
  load: async () => await import('./run.js'),
  report
})

function plan (spec: InitializationSpec): TrialDefinition<InitializationSpec>[] {
  return spec.initialisers.flatMap(initialiser =>
    spec.seeds.map(seed => ({ arm: nameOf(initialiser), seed, spec: specOf(spec, initialiser) })))
}

function inputs ({ offline: { solutions } }: InitializationSpec): Input[] {
  if (solutions === undefined) return []
  return [{ path: 'spec.offline.solutions', name: 'solutions', kind: 'artifact', expects: { name: 'solutions', mediaType: 'application/octet-stream' } }]
}
