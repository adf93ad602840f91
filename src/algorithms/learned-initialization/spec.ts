/** What a learned-initialization experiment asks for, and what it measures on the way. What a trial returns: result.ts. */
import { Type, type Static } from '../../schema/type.js'
import { choice, closed } from '../../choices.js'
import type { MetricDescription } from '../contract.js'
import { SlotsField } from '../kit/slots.js'
import { seedsField } from '../kit/seeds.js'
import { ArtifactReference } from '../kit/artifact.js'
import { claimNames } from './claim-names.js'
import { FamilySpec } from './families/spec.js'
import { InitialiserSpec } from './initialisers/spec.js'
import { SolverSpec } from './solver-spec.js'

/** Schema of what the initialisers learn from. */
const Offline = Type.Object({
  instances: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 4000, description: 'Instances that are solved before anything is learned' }),
  solutions: Type.Optional(ArtifactReference)
}, { ...closed, default: {}, description: 'The past: solutions that initialisers learn from. Each trial solves as many starts of every instance as its initialiser asks for, or reads the artifact `solutions` of an earlier trial' })

/** Schema of the spec. */
export const InitializationSpec = Type.Object({
  family: FamilySpec,
  solver: SolverSpec,
  initialisers: Type.Array(InitialiserSpec, {
    minItems: 1,
    maxItems: 32,
    default: [{ type: 'random' }, { type: 'heuristic' }, { type: 'nearest' }, { type: 'multi-start' }, { type: 'arg-init' }, { type: 'val-init' }],
    description: 'Ways to start, an arm each'
  }),
  offline: Offline,
  testInstances: Type.Integer({ minimum: 1, maximum: 20_000, default: 500, description: 'New instances, the same for all arms of a seed' }),
  claims: Type.Array(choice(claimNames, { description: 'One of the statements' }), {
    maxItems: claimNames.length, uniqueItems: true, default: [], description: 'What the verdict is held against, all of them; nothing is claimed when empty. The report says each in words'
  }),
  slots: SlotsField,
  crew: Type.Integer({ minimum: 1, maximum: 64, default: 1, description: 'Threads that share the instances; numbers are the same with any' }),
  seeds: seedsField('One trial per initialiser and seed: instances, starts, first weights of a network')
}, closed)
export type InitializationSpec = Static<typeof InitializationSpec>

/** The metrics of a trial. The step of a solver’s metrics counts on from that of the last training step. */
export const metrics = {
  objective: { description: 'Mean objective of the test instances at a step of the solver; with several starts that of the best so far', unit: 'as the family says', better: 'neither' },
  objectiveQuantile: { description: 'Quantiles of the same', unit: 'as the family says', better: 'neither', per: 'percent' },
  loss: { description: 'Mean loss of the network since the last point', unit: '1', better: 'lower' },
  learningRate: { description: 'Of the network’s training, in force', unit: '1', better: 'neither' },
  instancesPerSecond: { description: 'Speed of the solver', unit: '1/s', better: 'higher', timing: true }
} as const satisfies Record<string, MetricDescription>
