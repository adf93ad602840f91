/** Health, kinds and nodes on the wire. */
import { Type } from '../../schema/type.js'
import { choice } from '../../choices.js'
import type { Accepts } from '../../datasets/accepts.js'
import { closed, Id, Json, nullable, Timestamp } from './common.js'

export const Health = Type.Object({ status: Type.Literal('ok'), version: Type.String() }, closed)

const Input = Type.Object({
  path: Type.String({ description: 'where the spec has the reference, such as spec.data' }),
  name: Type.String(),
  kind: choice(['data', 'model', 'artifact']),
  accepts: Type.Optional(Type.Unsafe<Accepts>(Type.Record(Type.String(), Type.Array(Type.String()), {
    description: 'what each field of a data set may be; none: it may be missing; a field that is not named may be anything'
  }))),
  expects: Type.Optional(Type.Object({ name: Type.String(), mediaType: Type.String() }, { ...closed, description: 'what an artifact must be' }))
}, { ...closed, description: 'A data set, a model or an artifact that the spec refers to' })

export const Kind = Type.Object({
  id: Type.String(),
  title: Type.String(),
  version: Type.String(),
  paper: Type.Object({
    title: Type.String(), authors: Type.String(), year: Type.Integer(), arxiv: Type.String(), equations: Type.String()
  }, closed),
  spec: Type.Unsafe<Record<string, unknown>>({ ...Json, description: 'JSON Schema of the spec' }),
  metrics: Type.Record(Type.String(), Type.Object({
    description: Type.String(),
    unit: Type.String(),
    better: choice(['lower', 'higher', 'neither']),
    timing: Type.Optional(Type.Literal(true)),
    per: Type.Optional(Type.String({ description: 'what a vector is over; its values are recorded as name/key' }))
  }, closed)),
  outcomes: Type.Record(Type.String(), Type.Object({
    advice: Type.String({ description: 'What one can do about it' }),
    nonFinite: Type.Optional(Type.Literal(true, { description: 'Metrics may become NaN or infinite on the way to it' }))
  }, closed), { description: 'Ways to end that are findings; the outcome of a trial that succeeded is one of them' }),
  operations: Type.Array(Type.Object({
    name: Type.String(),
    title: Type.String(),
    method: choice(['GET', 'POST']),
    request: Type.Unsafe<Record<string, unknown>>({ ...Json, description: 'JSON Schema of the question' }),
    mediaTypes: Type.Array(Type.String(), { description: 'What the answer can be given as' }),
    isLong: Type.Boolean({ description: 'Usually answered by 202 with a query' })
  }, closed), { description: 'What may be asked of its models at /v1/models/{id}/{name}' }),
  followUps: Type.Array(Type.Object({
    name: Type.String(),
    title: Type.String(),
    request: Type.Unsafe<Record<string, unknown>>({ ...Json, description: 'JSON Schema of what is asked' })
  }, closed), { description: 'Experiments that can be made of one that ended: POST /v1/experiments/{id}/{name}' }),
  presets: Type.Array(Type.Object({
    name: Type.String(),
    title: Type.String(),
    needs: nullable(Type.String()),
    predicts: Type.String(),
    spec: Json,
    inputs: Type.Array(Input)
  }, closed))
}, { ...closed, description: 'A kind of experiment' })

export const Node = Type.Object({
  id: Id,
  name: Type.String(),
  version: Type.String(),
  state: choice(['alive', 'silent', 'stopped']),
  startedAt: Timestamp,
  heartbeatAt: Timestamp,
  lanes: Type.Array(Type.Object({
    id: Id,
    device: Type.String({ description: 'cpu or gpu:N' }),
    hardware: nullable(Type.Object({
      name: Type.String(),
      driver: nullable(Type.String({ description: 'of a GPU' })),
      computeCapability: nullable(Type.String({ description: 'of a GPU, such as 9.0' })),
      memoryBytes: nullable(Type.Integer({ description: 'of a GPU' }))
    }, { ...closed, description: 'What the device really is, as its executor found it; null until it has' })),
    failure: nullable(Type.String({ description: 'Why the lane cannot work and takes nothing; the node must be started anew to try again' })),
    backend: Type.String({ description: 'tensorflow or wasm; starting until its executor knows, none when the lane failed' }),
    slots: Type.Integer(),
    executors: Type.Array(Type.Object({
      threads: Type.Integer({ description: 'of the tensor engine, for each of its trials' })
    }, closed), { description: 'its processes that are ready, one for each number of threads in use' }),
    warmModels: Type.Array(Id, { description: 'of the caller’s team' }),
    trials: Type.Array(Type.Object({
      id: Id, experimentId: Id, arm: Type.String(), seed: Type.Integer(), state: Type.String()
    }, closed), { description: 'of the caller’s team' })
  }, closed))
}, { ...closed, description: 'A machine that works' })
