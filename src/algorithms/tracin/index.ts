/**
 * Kind `tracin`: trains a network, makes some labels wrong on purpose, and asks how soon the influence of the examples
 * on themselves finds them. A description only; run.ts does it, report.ts concludes.
 */
import { describeLabelled, labelled } from '../../datasets/labelled.js'
import { defineAlgorithm, type InputDescriptions, type Needs, type TrialDefinition } from '../contract.js'
import { architectureOf } from '../kit/network.js'
import { takeSlots } from '../kit/slots.js'
import { probeBytes } from '../kit/spectrum/dataset-probe.js'
import { hessianBytes } from './baselines/influence-function.js'
import { check } from './check.js'
import { noiseOf } from './noise.js'
import { presets } from './presets.js'
import { report } from './report.js'
import { planArms } from './retrain/arms.js'
import { retrain } from './retrain/follow-up.js'
import { reportComparison } from './retrain/report.js'
import { metrics, TracinResult, TracinSpec } from './spec.js'
import { workOf } from './work.js'

/** The description of the kind. */
export const tracin = defineAlgorithm({
  kind: 'tracin',
  title: 'TracIn: which training examples made the model what it is',
  version: '4',
  paper: {
    title: 'Estimating Training Data Influence by Tracing Gradient Descent',
    authors: 'Pruthi, Liu, Kale, Sundararajan',
    year: 2020,
    arxiv: '2002.08484',
    equations: 'TracInCP, its last-layer form, self-influence, and the search for mislabelled examples'
  },
  spec: TracinSpec,
  result: TracinResult,
  metrics,
  outcomes: {},
  presets,
  plan,
  inputs: () => [{ path: 'spec.data', name: 'data', kind: 'data', accepts: labelled }],
  needs,
  check,
  load: async () => await import('./run.js'),
  report: (spec, trials) => spec.edits?.compare === undefined ? report(spec, trials) : reportComparison(spec, spec.edits.compare, trials),
  followUps: { retrain }
})

function plan (spec: TracinSpec): TrialDefinition<TracinSpec>[] {
  const { edits } = spec
  if (edits?.compare !== undefined) return planArms(spec, edits, edits.compare)
  const { kind, fraction } = spec.labelNoise
  const percent = `${Math.round(fraction * 1000) / 10} %`
  const arm = kind === 'none' ? 'labels as they are' : kind === 'auto' ? `wrong ${percent}` : `${kind} ${percent}`
  return spec.seeds.map(seed => ({ arm, seed, spec }))
}

function needs ({ spec }: TrialDefinition<TracinSpec>, { data: { data } }: InputDescriptions): Needs {
  const described = describeLabelled(data!, 'spec.data')
  const { trainCount: train, testCount: test } = described
  const architecture = architectureOf(spec.network, described)
  const examples = Math.min(spec.trainExamples ?? Infinity, train) - (spec.edits?.dropped.length ?? 0)
  const tested = Math.min(spec.testExamples ?? Infinity, test)
  return {
    ...takeSlots(spec.slots, architecture, spec.batchSize),
    device: 'any',
    engine: 'tensor',
    deterministic: true,
    estimate: {
      steps: Math.round(workOf(spec, noiseOf(spec, described.target), examples, tested)),
      // inputs as floats, factors of a checkpoint, scores, averaged probabilities
      bytes: examples * 4096 + hessianBytes + (spec.frequencyProbe ? probeBytes(spec.frequencyProbe) : 0)
    }
  }
}
