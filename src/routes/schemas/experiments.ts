/** Experiments on the wire: what is submitted, what is shown, and what comes out of them. */
import { Type, type Static } from '../../schema/type.js'
import { algorithms } from '../../algorithms/registry.js'
import { choice } from '../../choices.js'
import { experimentStates } from '../../storage/trials.js'
import { closed, Id, Json, nullable, pageFields, StoredFailure, Timestamp, TrialOutcome, WireNumber } from './common.js'

const Name = Type.String({ minLength: 1, maxLength: 200 })
const Notes = Type.String({ maxLength: 20_000 })
const Tags = Type.Array(Type.String({ minLength: 1, maxLength: 50 }), { maxItems: 50, uniqueItems: true })
const Priority = Type.Integer({ minimum: -100, maximum: 100, description: 'Higher goes first among the team’s own; between teams the one that uses fewer slots does' })

const ExperimentState = choice(experimentStates)

/** A spec given in full, or a preset with changes. */
export const NewExperiment = Type.Object({
  kind: Type.String({ maxLength: 100, description: 'id of GET /v1/kinds' }),
  name: Type.Optional(Name),
  notes: Type.Optional(Notes),
  tags: Type.Optional(Tags),
  priority: Type.Optional(Priority),
  maxSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_000_000, description: 'Seconds of work after which a trial is ended, snapshot kept' })),
  spec: Type.Optional(Type.Unsafe<Record<string, unknown>>({ ...Json, description: 'By the schema of the kind' })),
  preset: Type.Optional(Type.String({ maxLength: 100, description: 'Instead of spec: the name of one of the kind’s presets' })),
  overrides: Type.Optional(Type.Unsafe<Record<string, unknown>>({ ...Json, description: 'JSON Merge Patch (RFC 7396) on the preset’s spec' }))
}, { ...closed, examples: algorithms.slice(0, 1).map(({ kind, presets }) => ({ kind, preset: presets[0]?.name })) })
export type NewExperiment = Static<typeof NewExperiment>

export const ExperimentChanges = Type.Object({
  name: Type.Optional(Name), notes: Type.Optional(Notes), tags: Type.Optional(Tags), priority: Type.Optional(Priority)
}, { ...closed, minProperties: 1 })

export const ExperimentQuery = Type.Object({
  ...pageFields,
  kind: Type.Optional(Type.String({ maxLength: 100 })),
  state: Type.Optional(ExperimentState),
  tag: Type.Optional(Type.String({ maxLength: 50 }))
}, closed)

const Progress = Type.Object({
  done: Type.Number(),
  of: Type.Number({ description: 'in training steps, or what costs as much; an estimate until the trials have told' }),
  etaSeconds: nullable(Type.Number({ description: 'null while there is nothing to estimate from' }))
}, closed)

const times = { createdAt: Timestamp, startedAt: nullable(Timestamp), finishedAt: nullable(Timestamp) }

export const Experiment = Type.Object({
  id: Id,
  kind: Type.String(),
  kindVersion: Type.String({ description: 'Another version may give other numbers for the same spec' }),
  name: Name,
  notes: Notes,
  tags: Tags,
  priority: Priority,
  maxSeconds: nullable(Type.Integer()),
  preset: nullable(Type.String()),
  parent: nullable(Type.String({ format: 'uuid', description: 'The experiment that it follows up, which may have been deleted' })),
  spec: Type.Unsafe<Record<string, unknown>>({ ...Json, description: 'With every default filled in, its data fixed to {datasetId} and its models to {modelId, step}' }),
  state: Type.String({ enum: [...experimentStates] }),
  failure: nullable(StoredFailure),
  progress: Progress,
  trials: Type.Array(Type.Object({
    id: Id, arm: Type.String(), seed: Type.Integer(), state: Type.String(), outcome: TrialOutcome
  }, closed)),
  createdBy: Type.String(),
  ...times,
  version: Type.Integer({ description: 'the ETag' })
}, { ...closed, description: 'A validated spec of one kind, its trials and how far they are' })

/** What GET answers: the same, and why nothing happens where nothing does. */
export const ExperimentNow = Type.Object({
  ...Experiment.properties,
  waiting: nullable(Type.String({ description: 'Why its next queued trial is still queued, worked out now; null when none is' }))
}, { ...closed, description: 'An experiment as it is now' })

export const ExperimentSummary = Type.Object({
  id: Id,
  kind: Type.String(),
  name: Name,
  tags: Tags,
  priority: Priority,
  state: Type.String({ enum: [...experimentStates] }),
  progress: Progress,
  trials: Type.Record(Type.String(), Type.Integer(), { description: 'number by state' }),
  ...times
}, { ...closed, description: 'An experiment as lists show it; GET /v1/experiments/{id} has its spec and its trials' })

/** What validate=true answers. */
export const Validation = Type.Object({
  valid: Type.Boolean(),
  errors: Type.Array(Type.Object({ path: Type.String(), rule: Type.String(), got: Type.Unknown() }, closed)),
  spec: nullable(Type.Unsafe<Record<string, unknown>>({ ...Json, description: 'With every default filled in' })),
  trials: Type.Array(Type.Object({ arm: Type.String(), seed: Type.Integer() }, closed), { description: 'The plan: arms x seeds' }),
  estimate: nullable(Type.Object({
    steps: Type.Number({ description: 'of training, and what costs as much, of all trials' }), bytes: Type.Number({ description: 'that will be stored' })
  }, closed))
}, { ...closed, description: 'What would happen; nothing was stored' })
export type Validation = Static<typeof Validation>

export const MetricQuery = Type.Object({
  name: Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { maxItems: 100, description: 'Only these metrics, repeated or with commas' })),
  trialId: Type.Optional(Id),
  maxPoints: Type.Optional(Type.Integer({ minimum: 4, maximum: 100_000, default: 1000, description: 'Most points of a curve; sampling keeps minima and maxima' }))
}, closed)

export const MetricCurves = Type.Object({
  items: Type.Array(Type.Object({
    trialId: Id, name: Type.String(), points: Type.Array(Type.Tuple([Type.Integer(), WireNumber]), { description: '[step, value]' })
  }, closed))
}, closed)

const Cell = Type.Union([Type.String(), Type.Number(), Type.Null()])

/** A figure as lists name it. */
export const FigureSummary = Type.Object({
  name: Type.String(),
  title: Type.String(),
  mediaTypes: Type.Array(Type.String(), { description: 'In which it can be had, by Accept; none when the artifact that it shows is gone' })
}, closed)

export const VegaLite = Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true, description: 'Vega-Lite' })

export const Report = Type.Object({
  verdict: Type.Object({
    claim: Type.String(),
    predicts: Type.String(),
    holds: nullable(Type.Boolean({ description: 'null: the evidence does not decide' })),
    evidence: Type.String()
  }, closed),
  tables: Type.Array(Type.Object({
    name: Type.String(), title: Type.String(), columns: Type.Array(Type.String()), rows: Type.Array(Type.Array(Cell))
  }, closed)),
  figures: Type.Array(FigureSummary, { description: 'GET …/figures/{name}' })
}, { ...closed, description: 'What was found' })

export const FigureParams = Type.Object({ id: Id, name: Type.String({ maxLength: 200 }) }, closed)
