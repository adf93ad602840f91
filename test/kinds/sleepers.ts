/**
 * A kind for tests of lanes and nodes: a trial that sleeps from step to step, so that one which is to run for as long as a
 * test does takes no processor from it. Importing it adds it to the registry.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { Type, type Static } from '../../src/schema/type.js'
import { defineAlgorithm, type RunContext, type RunEvent, type TrialDefinition } from '../../src/algorithms/contract.js'
import { addAlgorithm } from '../../src/algorithms/registry.js'
import { closed } from '../../src/choices.js'
import { bare } from './bare.js'

const STEP_MS = 20

const Spec = Type.Object({ steps: Type.Integer({ minimum: 1 }) }, closed)
type Spec = Static<typeof Spec>
const Result = Type.Object({ steps: Type.Integer() }, closed)

export const sleepers = defineAlgorithm({
  ...bare,
  kind: 'sleepers',
  title: 'Sleepers',
  spec: Spec,
  result: Result,
  metrics: {},
  plan: spec => [{ arm: 'sleeps', seed: 1, spec }],
  inputs: () => [],
  needs: ({ spec: { steps } }) => ({ slots: 1, threads: 1, device: 'any', engine: 'float64', crew: 1, deterministic: true, estimate: { steps, bytes: 0 } }),
  load: async () => ({ run })
})

async function * run ({ spec: { steps } }: TrialDefinition<Spec>, { resume }: RunContext): AsyncGenerator<RunEvent, Static<typeof Result>> {
  for (let step = resume?.values.step as number | undefined ?? 0; step < steps;) {
    await delay(STEP_MS)
    step++
    yield { type: 'progress', done: step, of: steps }
    yield { type: 'boundary', step, snapshot: () => ({ arrays: {}, values: { step } }) }
  }
  return { steps }
}

addAlgorithm(sleepers)
