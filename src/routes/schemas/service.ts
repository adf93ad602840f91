/** Health, kinds and nodes on the wire. */
import { Type } from 'typebox'
import { choice } from '../../choices.js'
import { closed, Id, Json, nullable, Timestamp } from './common.js'

export const Health = Type.Object({ status: Type.Literal('ok'), version: Type.String() }, closed)

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
  outcomes: Type.Record(Type.String(), Type.String(), { description: 'ways to end that are findings, with advice' }),
  operations: Type.Array(Type.String(), { description: 'What may be asked of its models: POST /v1/models/{id}/{operation}' }),
  presets: Type.Array(Type.Object({
    name: Type.String(), title: Type.String(), needs: nullable(Type.String()), predicts: Type.String(), spec: Json
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
