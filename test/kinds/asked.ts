/**
 * A kind for tests whose models can be asked two things of its own: quickly what their weights sum up to in the
 * unit that their details name, also as a picture, and slowly how many there are. It has no trials worth running. Importing it
 * adds it to the registry.
 */
import { encode } from 'fast-png'
import { Type } from '../../src/schema/type.js'
import { closed } from '../../src/choices.js'
import { defineAlgorithm } from '../../src/algorithms/contract.js'
import { addAlgorithm } from '../../src/algorithms/registry.js'
import { defineOperation } from '../../src/influence/operation.js'
import { bare } from './bare.js'

const weigh = defineOperation({
  title: 'Ask what the weights sum up to',
  description: 'Of the last checkpoint.',
  request: Type.Object({ times: Type.Integer({ minimum: 1, maximum: 10, default: 1 }) }, closed),
  response: Type.Object({ sum: Type.Number(), unit: Type.String() }, closed),
  mediaTypes: ['application/json', 'image/png'],
  codes: ['invalid_input'],
  check: ({ times }) => times === 7 ? [{ path: 'times', rule: 'must not be 7', got: times }] : [],
  load: async () => ({
    run (_, { bundle }, { times }, mediaType) {
      const weights = Object.values(bundle.checkpoints.at(-1)!.arrays).flatMap(({ data }) => [...data])
      const sum = times * weights.reduce((sum, value) => sum + value, 0)
      return mediaType === 'image/png' ? encode({ width: 1, height: 1, channels: 1, data: Uint8Array.of(sum) }) : { sum, unit: bundle.details!.unit as string }
    }
  })
})

const countSlowly = defineOperation({
  title: 'Ask how many weights there are',
  description: 'Where indexes are built.',
  request: Type.Object({}, closed),
  response: Type.Object({ count: Type.Integer() }, closed),
  mediaTypes: ['application/json'],
  codes: [],
  isLong: true,
  load: async () => ({
    run: (_, { bundle }) => ({ count: Object.values(bundle.checkpoints.at(-1)!.arrays).reduce((sum, { data }) => sum + data.length, 0) })
  })
})

export const asked = defineAlgorithm({
  ...bare,
  kind: 'asked',
  title: 'Asked',
  spec: Type.Object({}, closed),
  result: Type.Object({}, closed),
  metrics: {},
  operations: { weigh, 'count-slowly': countSlowly },
  plan: spec => [{ arm: 'one', seed: 0, spec }],
  inputs: () => [],
  needs: () => ({ slots: 1, threads: 1, crew: 1, device: 'any', engine: 'float64', deterministic: true, estimate: { steps: 0, bytes: 0 } }),
  load: async () => { throw new Error('Its models are made by the test') }
})

addAlgorithm(asked)
