/**
 * Kind `adversarial-bias`: where gradient descent comes to when every example is moved by an adversary first, and how soon.
 * A description only; run.ts does it, report/report.ts concludes.
 */
import { classifiable } from '../../datasets/classes.js'
import { defineAlgorithm, type Input, type InputDescriptions, type Needs, type TrialDefinition } from '../contract.js'
import { armOf, armsOf, specOf } from './arms.js'
import { check } from './check.js'
import { needsOf } from './needs.js'
import { presets } from './presets.js'
import { report } from './report/report.js'
import { AdversarialResult } from './result.js'
import { AdversarialSpec, metrics } from './spec.js'

/** The description of the kind. */
export const adversarialBias = defineAlgorithm({
  kind: 'adversarial-bias',
  title: 'Adversarial training: what it converges to, and how soon',
  version: '1',
  paper: {
    title: 'Inductive Bias of Gradient Descent based Adversarial Training on Separable Data',
    authors: 'Li, Fang, Xu, Zhao',
    year: 2019,
    arxiv: '1906.02931',
    equations: 'GDAT with l_q perturbations (Algorithm 1), maximum l2 and mixed-norm margin, their rates for clean and adversarial training'
  },
  spec: AdversarialSpec,
  result: AdversarialResult,
  metrics,
  outcomes: {
    finished: { advice: 'All steps were made.' },
    'not-separable': { advice: 'No line through the origin separates the points: the paper says nothing of them. What was trained shows what becomes of it.' },
    finite: { advice: 'The radius is gamma_q or more: the loss has its least value at finite weights, and no direction is promised. Take a smaller radius, unless this is the control.' },
    chattered: { advice: 'Numbers of w go through 0 again and again: the subgradient of the norm turns with each step. The direction stands; a lower learning rate makes the jumps smaller.' }
  },
  presets,
  plan,
  inputs,
  needs,
  check,
  load: async () => await import('./run.js'),
  report
})

function plan (spec: AdversarialSpec): TrialDefinition<AdversarialSpec>[] {
  return armsOf(spec).flatMap(arm => spec.seeds.map(seed => ({ arm: arm.name, seed, spec: specOf(spec, arm) })))
}

function inputs ({ problem }: AdversarialSpec): Input[] {
  const data = { name: 'data', kind: 'data', accepts: classifiable } as const
  if (problem.type === 'network') return [{ path: 'spec.problem.data', ...data }]
  return problem.points.type === 'classes' ? [{ path: 'spec.problem.points.data', ...data }] : []
}

function needs ({ spec }: TrialDefinition<AdversarialSpec>, { data: { data } }: InputDescriptions): Needs {
  return needsOf(armOf(spec, spec.trainings[0]!), data)
}
