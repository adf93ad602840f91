/**
 * A kind for tests, whose trial is worked on by two threads: they average numbers of shared memory round by round. Its
 * members may also throw or die. Importing it adds it to the registry.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { Type, type Static } from '../../src/schema/type.js'
import { defineAlgorithm, type CrewMember, type RunContext, type RunEvent, type TrialDefinition } from '../../src/algorithms/contract.js'
import { addAlgorithm } from '../../src/algorithms/registry.js'
import { choice, closed } from '../../src/choices.js'
import { AppError } from '../../src/errors.js'
import { bare } from './bare.js'

const SIZE = 2

const Spec = Type.Object({
  /** leaves: it dies, and the crew goes on */
  member: choice(['works', 'throws', 'dies', 'leaves']),
  rounds: Type.Integer({ minimum: 1 }),
  /** goes no further than this round before it was interrupted */
  holdsAfter: Type.Optional(Type.Integer({ minimum: 1 }))
}, closed)
type Spec = Static<typeof Spec>
const Result = Type.Object({ numbers: Type.Array(Type.Number()) }, closed)

export const crews = defineAlgorithm({
  ...bare,
  kind: 'crews',
  title: 'Crews',
  spec: Spec,
  result: Result,
  metrics: { spread: { description: 'Distance of the two numbers', unit: '1', better: 'lower' } },
  plan: spec => [{ arm: spec.member, seed: 1, spec }],
  inputs: () => [],
  needs: ({ spec }) => ({ slots: SIZE, threads: 1, device: 'any', engine: 'float64', crew: SIZE, deterministic: true, estimate: { steps: spec.rounds, bytes: 0 } }),
  load: async () => ({ run })
})

interface Shared { numbers: Float64Array, rounds: number, from: number }

/** One round: every worker moves its number towards the mean, and adds a random number of its own. */
function move ({ numbers }: Shared, worker: number, noise: number): number {
  const mean = numbers.reduce((sum, number) => sum + number, 0) / SIZE
  return numbers[worker]! + 0.25 * (mean - numbers[worker]!) + noise
}

/** What every member does: all rounds, two barriers each. */
export function works ({ worker, barrier, random }: Pick<CrewMember, 'worker' | 'barrier' | 'random'>, shared: Shared): void {
  for (let round = shared.from; round < shared.rounds; round++) oneRound({ worker, barrier, random }, shared, round)
}

function oneRound ({ worker, barrier, random }: Pick<CrewMember, 'worker' | 'barrier' | 'random'>, shared: Shared, round: number): void {
  const next = move(shared, worker, random('noise', round, worker).normal())
  barrier()
  shared.numbers[worker] = next
  barrier()
}

export function throws (): void {
  throw new AppError('non_finite', 'number 1 must stay finite, got NaN')
}

export function dies (): void {
  process.exit(7)
}

export const leaves = dies

async function * run (
  { spec }: TrialDefinition<Spec>, { crew, random, resume }: RunContext
): AsyncGenerator<RunEvent, Static<typeof Result>> {
  const numbers = new Float64Array(new SharedArrayBuffer(8 * SIZE))
  numbers.set(resume?.arrays.numbers?.data as Float64Array | undefined ?? [0, 1])
  const from = resume?.values.round as number | undefined ?? 0
  const shared: Shared = { numbers, rounds: spec.rounds, from }
  const { worker, barrier, isLost } = crew(SIZE, { module: import.meta.url, export: spec.member }, shared, { ifLost: spec.member === 'leaves' ? 'go on' : 'break' })
  if (spec.member === 'leaves') {
    while (!isLost(1)) {
      await delay(10)
      yield { type: 'boundary', step: 0, snapshot: () => ({ arrays: {}, values: {} }) }
    }
    return { numbers: [...numbers] }
  }
  for (let round = from; round < spec.rounds; round++) {
    oneRound({ worker, barrier, random }, shared, round)
    yield { type: 'metrics', step: round + 1, values: { spread: Math.abs(numbers[0]! - numbers[1]!) } }
    yield { type: 'progress', done: round + 1, of: spec.rounds }
    // The others wait at the next barrier meanwhile: nothing changes under the snapshot.
    const arrays = { numbers: { shape: [SIZE], data: numbers.slice() } }
    const boundary = { type: 'boundary', step: round + 1, snapshot: () => ({ arrays, values: { round: round + 1 } }) } as const
    yield boundary
    while (resume === undefined && spec.holdsAfter === round + 1) {
      await delay(10)
      yield boundary
    }
  }
  return { numbers: [...numbers] }
}

/** The same numbers by one thread. */
export function expected (rounds: number, random: CrewMember['random']): number[] {
  const shared: Shared = { numbers: Float64Array.of(0, 1), rounds, from: 0 }
  for (let round = 0; round < rounds; round++) {
    shared.numbers.set([0, 1].map(worker => move(shared, worker, random('noise', round, worker).normal())))
  }
  return [...shared.numbers]
}

addAlgorithm(crews)
