/**
 * Kind `adm-segmentation`: networks that learn to segment pictures from scribbles, with graph cuts inside the training loop. A
 * description only; trial.ts does it, report/report.ts concludes.
 */
import { defineAlgorithm, type Input, type InputDescriptions, type Needs, type TrialDefinition } from '../contract.js'
import { armsOf, readsScribbles, specOf } from './arms.js'
import { check } from './check.js'
import { pictured, scribbled } from './data.js'
import { needsOf } from './needs.js'
import { presets } from './presets.js'
import { report } from './report/report.js'
import type { Trial } from './report/trials.js'
import { TrialResult } from './result.js'
import { metrics, SegmentationSpec } from './spec.js'
import { reportSweeps } from './sweep/report.js'
import { isSweep, needsOfSweep } from './sweep/work.js'

/** The description of the kind. */
export const admSegmentation = defineAlgorithm({
  kind: 'adm-segmentation',
  title: 'Segmentation from scribbles: graph cuts in the training loop',
  version: '1',
  paper: {
    title: 'Beyond Gradient Descent for Regularized Segmentation Losses',
    authors: 'Marin, Tang, Ben Ayed, Boykov',
    year: 2019,
    arxiv: '1809.02322',
    equations: 'ADM with alpha-expansion for a grid CRF and with mean field for a dense one, beside gradient descent on their relaxations'
  },
  spec: SegmentationSpec,
  result: TrialResult,
  metrics,
  outcomes: { finished: { advice: 'All passes were made.' }, swept: { advice: 'Every position was tried; nothing was trained.' } },
  presets,
  plan,
  inputs,
  needs,
  beginning,
  check,
  load: async () => await import('./trial.js'),
  report: (spec, trials) => isSweep(spec) ? reportSweeps(spec, trials) : report(spec, trials as Trial[])
})

function plan (spec: SegmentationSpec): TrialDefinition<SegmentationSpec>[] {
  return armsOf(spec).flatMap(arm => seedsOf(spec).map(seed => ({ arm: arm.name, seed, spec: specOf(spec, arm) })))
}

/** A sweep draws nothing: one trial is as good as many. */
function seedsOf (spec: SegmentationSpec): number[] {
  return isSweep(spec) ? spec.seeds.slice(0, 1) : spec.seeds
}

function inputs ({ scribbles, methods }: SegmentationSpec): Input[] {
  const reads = scribbles.type === 'stored' && methods.some(readsScribbles)
  return [{ path: 'spec.data', name: 'data', kind: 'data', accepts: reads ? scribbled : pictured }]
}

/** The warm-up is the same for all methods that learn from scribbles. */
function beginning ({ seed, spec: { methods: [method], scribbles, warmup } }: TrialDefinition<SegmentationSpec>): string | undefined {
  if (method!.type === 'full' || warmup === 0) return undefined
  return [`seed ${seed}`, ...(scribbles.type === 'drawn' ? [`length ${scribbles.lengths[0]}`] : [])].join(', ')
}

function needs ({ spec }: TrialDefinition<SegmentationSpec>, { data: { data } }: InputDescriptions): Needs {
  return isSweep(spec) ? needsOfSweep(spec, data!) : needsOf(spec, data!)
}
