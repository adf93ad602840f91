/**
 * A kind for tests, which names models at two depths and may name an artifact, and trains nothing: it says what it was given.
 * A reader may fail, once it has read. Importing it adds it to the registry.
 */
import { Type, type Static } from '../../src/schema/type.js'
import { closed } from '../../src/choices.js'
import { defineAlgorithm, type Input, type RunContext, type RunEvent, type TrialDefinition } from '../../src/algorithms/contract.js'
import { ArtifactReference } from '../../src/algorithms/kit/artifact.js'
import { ModelReference } from '../../src/algorithms/kit/model.js'
import { addAlgorithm } from '../../src/algorithms/registry.js'
import { AppError } from '../../src/errors.js'
import { bare } from './bare.js'

const Spec = Type.Object({
  model: ModelReference,
  others: Type.Array(Type.Object({ model: ModelReference }, closed), { default: [] }),
  log: Type.Optional(ArtifactReference),
  fails: Type.Boolean({ default: false })
}, closed)
type Spec = Static<typeof Spec>

const Result = Type.Object({
  read: Type.Array(Type.Object({ name: Type.String(), kind: Type.String(), step: Type.Integer(), sum: Type.Number() }, closed)),
  log: Type.Optional(Type.String())
}, closed)

const csvOf = (path: string): Input => ({ path, name: 'log', kind: 'artifact', expects: { name: 'log', mediaType: 'text/csv' } })

export const readers = defineAlgorithm({
  ...bare,
  kind: 'readers',
  title: 'Readers of models',
  spec: Spec,
  result: Result,
  metrics: {},
  plan: spec => [{ arm: 'one', seed: 0, spec }],
  inputs: ({ others, log }) => [
    { path: 'spec.model', name: 'first', kind: 'model' },
    ...others.map((_, i) => ({ path: `spec.others[${i}].model`, name: `other ${i}`, kind: 'model' } as const)),
    ...(log === undefined ? [] : [csvOf('spec.log')])
  ],
  check: (_, { models: { first } }) => first!.architecture.inputShape.length === 3
    ? []
    : [{ path: 'spec.model', rule: 'must be a model of pictures', got: first!.architecture.inputShape }],
  needs: (_, { models: { first }, artifacts: { log } }) => ({
    slots: 1, threads: 1, crew: 1, device: 'any', engine: 'float64', deterministic: true, estimate: { steps: first!.step, bytes: log?.sizeBytes ?? 0 }
  }),
  load: async () => ({ run })
})

async function * run (
  { spec }: TrialDefinition<Spec>, { models, artifacts: { log } }: RunContext
): AsyncGenerator<RunEvent, Static<typeof Result>> {
  const read = Object.entries(models).map(([name, { description: { kind, step }, arrays }]) => {
    const values = Object.values(arrays).flatMap(({ data }) => [...data])
    return { name, kind, step, sum: values.reduce((sum, value) => sum + value, 0) }
  })
  yield { type: 'progress', done: 1, of: 1 }
  if (spec.fails) throw new AppError('trial_error', 'it was asked to fail')
  return { read, ...(log === undefined ? {} : { log: new TextDecoder().decode(log) }) }
}

addAlgorithm(readers)
