/**
 * A kind for tests, which names two data sets at two depths: pictures with classes, and a table with values. Importing
 * it adds it to the registry. Its trial trains nothing: it says what it was given.
 */
import { Type, type Static } from '../../src/schema/type.js'
import { closed } from '../../src/choices.js'
import { defineAlgorithm, type RunContext, type RunEvent } from '../../src/algorithms/contract.js'
import { DataReference } from '../../src/algorithms/kit/data.js'
import { addAlgorithm } from '../../src/algorithms/registry.js'
import { classifiable, describeClasses, openClasses } from '../../src/datasets/classes.js'
import { bare } from './bare.js'

const Spec = Type.Object({
  pictures: DataReference,
  sources: Type.Array(Type.Object({ table: DataReference }, { ...closed, description: 'One source' }), { minItems: 1, maxItems: 1, description: 'Sources' })
}, closed)

export const TwoSetsResult = Type.Object({
  classes: Type.Integer(), pixels: Type.Integer(), meanValue: Type.Number(), values: Type.Array(Type.String())
}, closed)

export const twoSets = defineAlgorithm({
  ...bare,
  kind: 'two-sets',
  title: 'Two data sets',
  spec: Spec,
  result: TwoSetsResult,
  metrics: { meanValue: { description: 'Mean of the first value', unit: 'm', better: 'neither' } },
  plan: spec => [{ arm: 'one', seed: 0, spec }],
  inputs: () => [
    { path: 'spec.pictures', name: 'pictures', kind: 'data', accepts: classifiable },
    { path: 'spec.sources[0].table', name: 'table', kind: 'data', accepts: { inputs: ['features'], target: ['values'] } }
  ],
  needs: (_, { data: { pictures, table } }) => ({
    slots: 1,
    threads: 1,
    device: 'any',
    engine: 'float64',
    crew: 1,
    deterministic: true,
    estimate: { steps: table!.counts.train, bytes: describeClasses(pictures!).classes }
  }),
  load: async () => ({ run })
})

async function * run (_: unknown, { data, random }: RunContext): AsyncGenerator<RunEvent, Static<typeof TwoSetsResult>> {
  const { inputShape, classes, train } = openClasses(data.pictures!)
  const { fields, train: { count, arrays: { target } } } = data.table!
  if (fields.target?.type !== 'values') throw new Error('The table must have values')
  const meanValue = Array.from(target!).reduce((sum, value) => sum + value, 0) / count
  const [height, width] = inputShape
  yield { type: 'boundary', step: 0, snapshot: () => ({ arrays: {}, values: {} }) }
  yield {
    type: 'model',
    name: 'constant',
    network: { inputShape, layers: [{ type: 'flatten' }, { type: 'dense', units: classes, activation: 'linear' }] },
    preprocessing: { offset: 0, scale: 1 },
    trainingView: { data: 'pictures', split: 'train', count: train.count, dropped: [], relabelled: { indices: [], labels: [] } }
  }
  const stream = random('weights')
  const pixels = height! * width!
  const weight = { shape: [pixels, classes], data: Float32Array.from({ length: pixels * classes }, () => stream.normal()) }
  const arrays = { 'layer1.weight': weight, 'layer1.bias': { shape: [classes], data: new Float32Array(classes) } }
  yield { type: 'checkpoint', model: 'constant', step: 1, learningRate: 0.1, arrays }
  yield { type: 'metrics', step: 1, values: { meanValue } }
  yield { type: 'progress', done: count, of: count }
  return { classes, pixels, meanValue, values: fields.target.columns.map(({ name, unit }) => `${name} in ${unit}`) }
}

addAlgorithm(twoSets)
