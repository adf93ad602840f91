/** Trials, checkpoints and artifacts on the wire. */
import { Type } from '../../schema/type.js'
import { artifactTypes } from '../../algorithms/contract.js'
import { choice } from '../../choices.js'
import { trialStates } from '../../storage/trials.js'
import { closed, Id, Json, nullable, StoredFailure, Timestamp, TrialOutcome } from './common.js'

const Fingerprint = nullable(Type.Unsafe<Record<string, unknown>>({ ...Json, description: 'Code, libraries, device, threads: with all equal, numbers are equal' }))

export const Trial = Type.Object({
  id: Id,
  experimentId: Id,
  kind: Type.String(),
  ordinal: Type.Integer({ description: 'position in the plan' }),
  arm: Type.String(),
  seed: Type.Integer(),
  definition: Json,
  slots: Type.Integer({ description: 'of a lane; 0: all of them' }),
  threads: Type.Integer({ description: 'of the tensor engine, for each of its crew; 0: all of its slots, evenly' }),
  device: Type.String(),
  engine: choice(['tensor', 'float64']),
  crew: Type.Integer({ description: 'threads that work on it' }),
  deterministic: Type.Boolean(),
  estimate: Type.Object({
    steps: Type.Number({ description: 'what its progress counts to' }), bytes: Type.Number({ description: 'of memory; 0 where it was not kept' })
  }, { ...closed, description: 'What it was to take when it was made' }),
  state: Type.String({ enum: [...trialStates] }),
  waiting: nullable(Type.String({ description: 'Why it is still queued, worked out now: no node, no lane of its device, no free slots, the team’s limit; null when it is not queued' })),
  attempt: Type.Integer(),
  deaths: Type.Integer({ description: 'executors or nodes that died with it, in a row without a newer snapshot between' }),
  progress: Type.Object({ done: Type.Number(), of: Type.Number() }, closed),
  secondsUsed: Type.Number(),
  outcome: TrialOutcome,
  result: nullable(Json),
  failure: nullable(StoredFailure),
  fingerprint: Fingerprint,
  attempts: Type.Array(Type.Object({
    attempt: Type.Integer(),
    nodeId: Id,
    laneId: Id,
    fingerprint: Fingerprint,
    resumedFrom: nullable(Type.Integer({ description: 'ordinal of the first event that was not repeated' })),
    startedAt: Timestamp,
    endedAt: nullable(Timestamp),
    end: nullable(Type.String())
  }, closed)),
  transitions: Type.Array(Type.Object({
    from: Type.String(), to: Type.String(), actor: Type.String(), reason: Type.String(), at: Timestamp
  }, closed)),
  createdAt: Timestamp,
  startedAt: nullable(Timestamp),
  finishedAt: nullable(Timestamp)
}, { ...closed, description: 'One arm with one seed' })

/** What a checkpoint counts in sums over checkpoints. */
export const checkpointWeights = {
  learningRate: Type.Number({ description: 'in force when it was taken: its weight with weights=rate' }),
  interval: Type.Union([Type.Object({
    from: Type.Integer({ description: 'Completed steps at its begin' }),
    to: Type.Integer({ description: 'Completed steps at its end' }),
    weight: Type.Number({ description: 'Its weight with weights=interval: the sum over its steps of rate / examples, with momentum of the rate’s effect until the end' })
  }, closed), Type.Null()], { description: 'The steps that it stands for; null where it stands for none, and for checkpoints of before this was stored' }),
  counted: Type.Boolean({ description: 'Whether it is in sums over checkpoints that name none' })
}

export const Checkpoint = Type.Object({
  id: Id,
  trialId: Id,
  modelId: Id,
  step: Type.Integer(),
  ...checkpointWeights,
  sizeBytes: Type.Integer(),
  sha256: Type.String(),
  createdAt: Timestamp
}, { ...closed, description: 'Weights at a step; GET …/weights has the safetensors file' })

export const Artifact = Type.Object({
  id: Id,
  trialId: Id,
  name: Type.String(),
  step: Type.Integer(),
  mediaType: Type.String({ enum: [...artifactTypes] }),
  sizeBytes: Type.Integer(),
  sha256: Type.String(),
  createdAt: Timestamp
}, { ...closed, description: 'A picture or file of a trial at a step; GET /v1/artifacts/{id} has its bytes' })

/** Headers that read a file in parts, or not again. */
export const FileHeaders = Type.Object({
  range: Type.Optional(Type.String({ description: 'bytes=FIRST-LAST' })),
  'if-none-match': Type.Optional(Type.String()),
  'if-range': Type.Optional(Type.String())
})
