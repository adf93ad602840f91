/** The kind as trials of networks need it: what it asks for and returns, and how one of them runs. */
import { defineAlgorithm } from '../../../src/algorithms/contract.js'
import { countsOf } from '../../../src/algorithms/adversarial-bias/network/data.js'
import { runNetwork } from '../../../src/algorithms/adversarial-bias/network/run.js'
import type { NetworkProblem } from '../../../src/algorithms/adversarial-bias/network/spec.js'
import { workOf } from '../../../src/algorithms/adversarial-bias/network/work.js'
import { AdversarialResult } from '../../../src/algorithms/adversarial-bias/result.js'
import { AdversarialSpec, metrics } from '../../../src/algorithms/adversarial-bias/spec.js'
import { classifiable, describeClasses } from '../../../src/datasets/classes.js'

const paper = { title: '', authors: '', year: 2020, arxiv: '1906.02931', equations: '' }

export const networkKind = defineAlgorithm({
  kind: 'adversarial-bias',
  title: '',
  version: '1',
  paper,
  spec: AdversarialSpec,
  result: AdversarialResult,
  metrics,
  outcomes: { finished: { advice: '' } },
  presets: [],
  plan: spec => spec.trainings.flatMap((training, i) => spec.seeds.map(seed => ({ arm: `arm ${i}`, seed, spec: { ...spec, trainings: [training] } }))),
  inputs: () => [{ path: 'spec.problem.data', name: 'data', kind: 'data', accepts: classifiable }],
  needs ({ spec }, { data }) {
    const problem = spec.problem as NetworkProblem
    const steps = workOf(problem, spec.trainings[0]!, countsOf(problem, describeClasses(data.data!))).all
    return { slots: 1, threads: 1, crew: 1, device: 'any', engine: 'tensor', deterministic: true, estimate: { steps, bytes: 0 } }
  },
  load: async () => ({ run: runNetwork }),
  report: () => ({ verdict: { claim: '', predicts: '', holds: null, evidence: '' }, tables: [], figures: [] })
})
