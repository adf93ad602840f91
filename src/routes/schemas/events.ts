/** The events of an experiment as clients see them, and the notices between them. */
import { Type, type Static } from '../../schema/type.js'
import { taggedUnion } from '../../choices.js'
import { closed, Id, Json, nullable, Timestamp } from './common.js'

/** Every type of event. */
export const eventTypes = ['state', 'progress', 'metrics', 'checkpoint', 'model', 'artifact', 'influence', 'log', 'report', 'rewind'] as const

export const EventFrame = Type.Object({
  seq: Type.Integer({ minimum: 1, description: 'number within the experiment: from 1, without gaps, in the order of commit' }),
  at: Timestamp,
  trialId: nullable(Id),
  type: Type.String({ enum: [...eventTypes] }),
  data: Json
}, {
  ...closed,
  description: 'One numbered line of what happened. data by type: state {state, from, reason?, failure?}; progress {done, of}; ' +
    'metrics {step, values, timings?}; checkpoint {model, step, learningRate, interval?, counted?, checkpointId, modelId}; model {name, modelId}; ' +
    'artifact {name, step, mediaType, artifactId}; influence {model, step, layers, indexId}; log {level, text}; report {verdict}; ' +
    'rewind {ordinal, fromSeq}: the trial goes on from a snapshot and does not repeat itself, and what its run told ' +
    'from number fromSeq to here counts no more',
  examples: [{
    seq: 17,
    at: '2026-11-01T12:00:00.000Z',
    trialId: '01936a3e-0000-7000-8000-000000000002',
    type: 'metrics',
    data: { step: 120, values: { 'train.loss': 0.41 } }
  }]
})
export type EventFrame = Static<typeof EventFrame>

export const EventPage = Type.Object({
  items: Type.Array(EventFrame),
  nextAfter: Type.Integer({ description: 'pass it as after to read on' }),
  headSeq: Type.Integer({ description: 'number of the last event there is' })
}, closed)

export const EventQuery = Type.Object({
  after: Type.Optional(Type.Integer({
    minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0, description: 'Number of the last event that you have; one beyond the last event there is, is refused as invalid_cursor'
  })),
  type: Type.Optional(Type.Array(Type.String({ maxLength: 100 }), {
    maxItems: 20, description: `Only these types, repeated or with commas: ${eventTypes.join(', ')}`
  })),
  trialId: Type.Optional(Id),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 500, description: 'Most events of a JSON page; streams have no limit' }))
}, closed)

/** The first frame of a stream. */
export const StreamHello = Type.Object({
  type: Type.Literal('hello'),
  headSeq: Type.Integer(),
  experiment: Type.Object({ id: Id, kind: Type.String(), name: Type.String(), state: Type.String() }, closed)
}, closed)

/** Comes after 15 quiet seconds. */
export const StreamHead = Type.Object({ type: Type.Literal('head'), seq: Type.Integer() }, closed)

/** Stands for metrics and progress that a client was too slow for. */
export const StreamSkipped = Type.Object({ type: Type.Literal('skipped'), from: Type.Integer(), to: Type.Integer() }, closed)

/** The last frame of a stream. */
export const StreamEnd = Type.Object({ type: Type.Literal('end'), state: Type.String() }, closed)

/** What a stream sends between the events. */
export const StreamNotice = taggedUnion([StreamHello, StreamHead, StreamSkipped, StreamEnd], {
  description: 'hello opens the stream; head comes after 15 quiet seconds, but never to a client that has not read what waits for it; skipped stands for metrics and progress that a client was too slow for; end closes it'
})
export type StreamNotice = Static<typeof StreamNotice>
