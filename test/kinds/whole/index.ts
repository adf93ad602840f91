/**
 * A kind for tests that uses all of the contract at once: two threads train a small residual network, attacked in every
 * step, on what a stored model says of one data set, and try the average of its weights on another. Its loose arm does not
 * wait for the average. Importing it adds it to the registry. Next hop: run.ts.
 */
import { Type, type Static } from '../../../src/schema/type.js'
import { defineAlgorithm, type FinishedTrial } from '../../../src/algorithms/contract.js'
import { DataReference } from '../../../src/algorithms/kit/data.js'
import { ModelReference } from '../../../src/algorithms/kit/model.js'
import { addAlgorithm } from '../../../src/algorithms/registry.js'
import { choice, closed } from '../../../src/choices.js'
import { classifiable, describeClasses } from '../../../src/datasets/classes.js'
import { bare } from '../bare.js'
import { kernels } from './operation.js'

export const WholeSpec = Type.Object({
  pictures: DataReference,
  probe: DataReference,
  teacher: Type.Optional(ModelReference),
  arms: Type.Array(choice(['strict', 'loose']), { minItems: 1, uniqueItems: true, default: ['strict'], description: 'strict: the average waits for every epoch' }),
  epochs: Type.Integer({ minimum: 1, maximum: 100, default: 3, description: 'Passes over the pictures (unit: epochs)' }),
  batchSize: Type.Integer({ minimum: 1, maximum: 1000, default: 8, description: 'Pictures of a step' }),
  learningRate: Type.Number({ exclusiveMinimum: 0, maximum: 1, default: 0.05, description: 'Of momentum 0.9' }),
  radius: Type.Number({ minimum: 0, maximum: 1, default: 0.02, description: 'Largest change of a pixel in the attack' }),
  decay: Type.Number({ minimum: 0, maximum: 1, default: 0.5, description: 'What the average keeps of itself' }),
  holdsAfter: Type.Optional(Type.Integer({ minimum: 1, description: 'Waits for a snapshot after this epoch, and after the next one to be interrupted' }))
}, closed)
export type WholeSpec = Static<typeof WholeSpec>

export const WholeResult = Type.Object({
  outcome: choice(['learned', 'stalled']),
  error: Type.Number({ description: 'Of the average on the probe' }),
  baseline: Type.Number({ description: 'Of the mean of the targets on the probe' }),
  steps: Type.Integer()
}, closed)
export type WholeResult = Static<typeof WholeResult>

/** Steps of a whole training. */
export function stepsOf ({ epochs, batchSize }: WholeSpec, count: number): number {
  return epochs * Math.ceil(count / batchSize)
}

const glyphs = (count: number, seed: number) => ({ generator: { type: 'glyphs', classes: 3, train: count, test: 4, noise: 0.1, seed } } as const)

export const whole = defineAlgorithm({
  ...bare,
  kind: 'whole',
  title: 'A whole kind',
  spec: WholeSpec,
  result: WholeResult,
  metrics: {
    loss: { description: 'Mean loss of the attacked batches of an epoch', unit: '1', better: 'lower' },
    error: { description: 'Mean squared distance of the average on the probe', unit: '1', better: 'lower' }
  },
  outcomes: {
    learned: { advice: 'Nothing is to be done.' },
    stalled: { advice: 'Train for more epochs.' }
  },
  operations: { kernels },
  presets: [{
    name: 'quick',
    title: 'Three epochs on classes',
    spec: {
      pictures: glyphs(24, 1), probe: glyphs(12, 2), arms: ['strict'], epochs: 3, batchSize: 8, learningRate: 0.05, radius: 0.02, decay: 0.5
    },
    predicts: 'The average is nearer to the targets of the probe than their mean'
  }],
  plan: spec => spec.arms.map(arm => ({ arm, seed: 1, spec })),
  inputs: ({ teacher }) => [
    { path: 'spec.pictures', name: 'pictures', kind: 'data', accepts: classifiable },
    { path: 'spec.probe', name: 'probe', kind: 'data', accepts: classifiable },
    ...(teacher === undefined ? [] : [{ path: 'spec.teacher', name: 'teacher', kind: 'model' } as const])
  ],
  check (_, { data, models: { teacher } }) {
    const { inputShape, classes } = describeClasses(data.pictures!)
    const probe = describeClasses(data.probe!)
    const read = teacher?.architecture.inputShape ?? inputShape
    return [
      ...(String(probe.inputShape) === String(inputShape) && probe.classes === classes
        ? []
        : [{ path: 'spec.probe', rule: `must have pictures [${inputShape}] of ${classes} classes`, got: [...probe.inputShape, probe.classes] }]),
      ...(String(read) === String(inputShape) ? [] : [{ path: 'spec.teacher', rule: `must read [${inputShape}]`, got: read }])
    ]
  },
  needs: ({ arm, spec }, { data: { pictures } }) => ({
    slots: 2,
    threads: 1,
    crew: 2,
    device: 'any',
    engine: 'tensor',
    deterministic: arm === 'strict',
    estimate: { steps: stepsOf(spec, pictures!.counts.train), bytes: 0 }
  }),
  load: async () => await import('./run.js'),
  report (_, trials) {
    const holds = trials.map(({ state, result }) => state === 'succeeded' && result !== undefined ? result.error < result.baseline : null)
    return {
      verdict: {
        claim: 'The average of the weights learns what the targets are',
        predicts: 'It is nearer to the targets of the probe than their mean',
        holds: holds.includes(null) ? null : !holds.includes(false),
        evidence: trials.map(sayTrial).join('; ')
      },
      tables: [],
      figures: trials.flatMap(({ id, definition: { arm }, result }) => result === undefined
        ? []
        : [{ name: `kernels-${arm}`, title: `First kernels, ${arm}`, artifact: { trial: id, name: 'kernels', step: result.steps } }])
    }
  }
})

function sayTrial ({ definition: { arm }, result }: FinishedTrial<WholeSpec, WholeResult>): string {
  return result === undefined ? `${arm} did not end` : `${arm}: ${result.error} against ${result.baseline}`
}

addAlgorithm(whole)
