/**
 * What an experiment kind is made of. A kind is one folder beside this file and one line in registry.ts; everything
 * that is common to all kinds (queueing, cancelling, snapshots, recording, streaming) lives in src/jobs and knows
 * kinds only through this contract. Descriptions are light: only load() may import the tensor library.
 */
import type { Static, TSchema } from '../schema/type.js'
import type { NamedArrays, NumericArray } from '../math/arrays.js'
import type { Accepts } from '../datasets/accepts.js'
import type { Fields } from '../datasets/description.js'
import type { Dataset, DatasetDescription, Preprocessing, TrainingView } from '../datasets/dataset.js'
import type { GeneratorSpec } from '../datasets/generators/index.js'
import type { Violation } from '../errors.js'
import type { Descent } from '../influence/descent.js'
import type { CheckpointInterval } from '../influence/bundle.js'
import type { Operation } from '../influence/operation.js'
import type { RandomStream } from '../math/random.js'
import type { Architecture } from '../tensor/architecture.js'
import type { Engine } from '../tensor/engine.js'

export interface Algorithm<S extends TSchema = TSchema, R extends TSchema = TSchema> {
  /** stable id, equal to the folder's name */
  kind: string
  title: string
  /** changes when the same spec and seed would give other numbers */
  version: string
  paper: { title: string, authors: string, year: number, arxiv: string, equations: string }
  /** TypeBox schema of the spec: description, unit, bounds and default of every field */
  spec: S
  /** TypeBox schema of what one trial returns */
  result: R
  metrics: Record<string, MetricDescription>
  /** ways to end that are findings and not failures; where there are any, result.outcome is one of them */
  outcomes: Record<string, Outcome>
  /** smallest first; the first needs only generators */
  presets: Preset<Static<S>>[]
  /** what its models can be asked beside what every network can, by the name that stands in the URL */
  operations?: Record<string, Operation>
  /** experiments that can be made of one that ended, by the name that stands in the URL */
  followUps?: Record<string, FollowUp>
  /** Arms x seeds. Pure. */
  plan (spec: Static<S>): TrialDefinition<Static<S>>[]
  /** The data sets and models that a spec names, and where it names them: fixed there when the experiment is created. Pure. */
  inputs (spec: Static<S>): Input[]
  /** What one trial takes, in the light of the inputs' descriptions by name. Pure; asked once, when the trial is made. */
  needs (trial: TrialDefinition<Static<S>>, inputs: InputDescriptions): Needs
  /**
   * What a trial's beginning depends on beside what all trials of its experiment have in common, its seed for one. Trials with
   * the same answer yield the same up to the boundary that `endsBeginning`, to the bit, and can go on from each other's snapshot
   * of it: one of them makes it, the others begin there. Up to there no model is announced. undefined: it has none in common. Pure.
   */
  beginning? (trial: TrialDefinition<Static<S>>): string | undefined
  /** Says what a valid-by-schema spec still gets wrong: [{path, rule, got}]. Pure. */
  check? (spec: Static<S>, inputs: InputDescriptions): { path: string, rule: string, got: unknown }[]
  /** Loads the code that runs. Only an executor calls it. */
  load (): Promise<Runner<Static<S>, Static<R>>>
  /** Draws the conclusion from all trials. Pure. */
  report (spec: Static<S>, trials: FinishedTrial<Static<S>, Static<R>>[]): Report
}

/**
 * Keeps the types of spec and result together while a kind is written. Its functions are methods, so that the registry
 * may hold kinds of all specs.
 */
export function defineAlgorithm<S extends TSchema, R extends TSchema> (algorithm: Algorithm<S, R>): Algorithm<S, R> {
  return algorithm
}

/** An experiment that follows from another one of the kind: its spec is made of what that one found. */
export interface FollowUp<Spec = unknown, Result = unknown, Request extends TSchema = TSchema> {
  /** one line, as the documentation lists it, and the name of the new experiment */
  title: string
  description: string
  /** TypeBox schema of what is asked; a default is written where it is used */
  request: Request
  /** Makes the spec, or says what a valid-by-schema request gets wrong. Pure. @param trials  all of an experiment that ended */
  make (asked: { trials: EndedTrial<Spec, Result>[], request: Static<Request> }): { spec: Spec } | { violations: Violation[] }
}

/** Keeps the types of spec, result and request together while a follow-up is written. */
export function defineFollowUp<Spec, Result, Request extends TSchema> (followUp: FollowUp<Spec, Result, Request>): FollowUp {
  return followUp as unknown as FollowUp
}

/** A trial as a follow-up sees it. */
export type EndedTrial<Spec = unknown, Result = unknown> = Omit<FinishedTrial<Spec, Result>, 'metrics'>

export interface Outcome {
  /** what one can do about it */
  advice: string
  /** metrics may become NaN or infinite on the way to it: they fail no trial of the kind */
  nonFinite?: true
}

export interface MetricDescription {
  description: string
  unit: string
  better: 'lower' | 'higher' | 'neither'
  /** depends on the machine's speed: outside every equality */
  timing?: true
  /** what a vector of values is over, such as 'band': recorded one by one as `name/key`, `spectralError/3`; not for timings */
  per?: string
}

/** The declaration of a recorded metric: `spectralError` for `spectralError/3` when it is a vector. */
export function declarationOf (metrics: Record<string, MetricDescription>, name: string): MetricDescription | undefined {
  const [base = '', ...key] = name.split('/')
  const declared = Object.hasOwn(metrics, base) ? metrics[base] : undefined
  return declared !== undefined && (declared.per !== undefined) === (key.length > 0) ? declared : undefined
}

export interface Preset<Spec> { name: string, title: string, spec: Spec, needs?: string, predicts: string }

export interface TrialDefinition<Spec = unknown> {
  /** the method and setting that this trial stands for */
  arm: string
  /** integer; streams of all arms with one seed are paired */
  seed: number
  spec: Spec
}

/**
 * What a trial takes of a lane. A slot is one core: `crew` threads that have `threads` of the tensor engine each keep
 * crew x threads of them busy, and a trial asks for as many. A lane with fewer slots grants all that it has, and fewer
 * threads for each (RunContext tells how many); the crew stays, for numbers depend on it, and shares the cores.
 */
export interface Needs {
  /** slots of a lane; 'all' takes the whole lane */
  slots: number | 'all'
  /** of the tensor engine, for each of the crew; 'all': all slots, evenly. They are fixed per process, numbers differ with them */
  threads: number | 'all'
  device: 'any' | 'cpu' | 'gpu'
  /** tensor: uses the tensor engine; float64: Float64 kernels only, one thread each */
  engine: 'tensor' | 'float64'
  /** threads that work on it, the trial's own included: 1 .. MAX_CREW */
  crew: number
  deterministic: boolean
  /** steps: of training, and what costs as much: the `of` that the run's progress will show */
  estimate: { steps: number, bytes: number }
}

/** The most threads that a crew may have. */
export const MAX_CREW = 64

/** Something that a spec refers to. */
export type Input = DataInput | ModelInput | ArtifactInput

export interface DataInput {
  /** where the spec has the reference, at any depth: spec.data, spec.sources[1].data */
  path: string
  /** under which check, needs and context.data have it */
  name: string
  kind: 'data'
  /** what the data set must be for this kind */
  accepts: Accepts
}

export interface ModelInput {
  /** where the spec has the reference, at any depth: spec.model, spec.arms[0].model */
  path: string
  /** under which check, needs and context.models have it */
  name: string
  kind: 'model'
}

export interface ArtifactInput {
  /** where the spec has the reference, at any depth: spec.offline.solutions */
  path: string
  /** under which check, needs and context.artifacts have it */
  name: string
  kind: 'artifact'
  /** what it must be: its name and its media type */
  expects: { name: string, mediaType: ArtifactType }
}

/** Where examples come from, as a spec says it: {datasetId} once the experiment is created. */
export type DataReference = { datasetId: string } | { generator: GeneratorSpec } | { catalog: string }

/** A checkpoint of a stored model, as a spec says it: the last one when step is left out, fixed once the experiment is created. */
export interface ModelReference { modelId: string, step?: number }

/** A file that a trial yielded, as a spec says it. */
export interface ArtifactReference { artifactId: string }

/** What the inputs of a spec are, by the names that inputs() gives them. */
export interface InputDescriptions {
  data: Record<string, DatasetDescription>
  models: Record<string, ModelDescription>
  artifacts: Record<string, ArtifactDescription>
}

/** A stored artifact. */
export interface ArtifactDescription {
  id: string
  /** of the experiment whose trial yielded it */
  kind: string
  name: string
  mediaType: ArtifactType
  sizeBytes: number
}

/** A stored model at one of its checkpoints. */
export interface ModelDescription {
  id: string
  step: number
  /** of the experiment that trained it */
  kind: string
  name: string
  architecture: Architecture
  preprocessing: Preprocessing
  /** what it reads and predicts: {inputs, target} */
  fields: Fields
}

/** A model that a trial reads: what it is, and its weights (and statistics) at that checkpoint, which others read too. */
export interface ReadModel { description: ModelDescription, arrays: NamedArrays }

export interface RunContext {
  /** Opens the random stream of (this trial's seed, purpose, keys). */
  random (purpose: string, ...keys: number[]): RandomStream
  data: Record<string, Dataset>
  models: Record<string, ReadModel>
  artifacts: Record<string, Uint8Array>
  /** The tensor engine of this thread; loaded on first call. */
  engine (): Promise<Engine>
  /** slots of the lane that the trial was granted: fewer than it needs where the lane has no more */
  slots: number
  /** threads of the tensor engine that it was granted, for each of its crew */
  threads: number
  /**
   * Opens the trial's crew, once per run: this thread is worker 0, the others start with the entry's function and end
   * with the run. A member whose code throws fails the trial; one whose thread dies is the attempt's death, or lost to the
   * crew, as ifLost says.
   * @param size    threads, this one included: at most the crew that the trial needs
   * @param shared  typed arrays over shared memory, in plain objects: what all of them see
   */
  crew (size: number, entry: CrewEntry, shared: unknown, options?: CrewOptions): Crew
  /** what the last boundary's snapshot() gave, when the trial goes on after an interruption */
  resume: SnapshotState | undefined
  /** Seconds of a clock that only goes forward. Nothing but metrics marked timing may depend on it. */
  clock (): number
}

/** What becomes of a crew. */
export interface CrewOptions {
  /** break, when left out: a member whose thread dies is the attempt's death; go on: the others work on, and ask isLost */
  ifLost?: 'break' | 'go on'
}

/** The function that every other member of a crew runs: (member: CrewMember, shared) => void | Promise<void>. */
export interface CrewEntry {
  /** URL of the module: new URL('./member.js', import.meta.url).href */
  module: string
  export: string
}

/** Threads that work on one trial, as one of them sees them. They share typed arrays and meet at barriers. */
export interface Crew {
  /** how many they are, this one included */
  readonly size: number
  /** 0: the trial's own thread, which alone yields events */
  readonly worker: number
  /**
   * Waits until all have come; what they wrote before it is seen by all after it. Where one is lost nobody meets any more.
   * @throws what must not be caught: the crew is broken, or the trial has ended
   */
  barrier (): void
  /** Whether a member's thread is gone, in a crew that goes on: it writes nothing any more. */
  isLost (worker: number): boolean
  /** True when there is nothing more to do: to be looked at now and then by members that work without barriers. */
  ended (): boolean
}

/** What a member's function is given. */
export interface CrewMember extends Crew {
  /** Opens the random stream of (the trial's seed, purpose, keys); put the worker's number among the keys. */
  random (purpose: string, ...keys: number[]): RandomStream
  engine (): Promise<Engine>
}

/** All that a run needs to go on from a boundary. */
export interface SnapshotState {
  arrays: NamedArrays
  /** JSON */
  values: Record<string, unknown>
}

/** What artifacts can be: the documentation of the wire names them one by one. */
export const artifactTypes = ['image/png', 'image/svg+xml', 'text/csv', 'application/json', 'application/octet-stream'] as const
export type ArtifactType = typeof artifactTypes[number]

export type RunEvent =
  | { type: 'metrics', step: number, values: Record<string, number> }
  | { type: 'progress', done: number, of: number }
  | { type: 'log', level: 'info' | 'warn', text: string }
  | { type: 'artifact', name: string, step: number, mediaType: ArtifactType, bytes: Uint8Array }
  | ModelEvent
  | CheckpointEvent
  /** factors of one checkpoint for the model's influence index (src/influence/factors.ts) */
  | { type: 'influence', model: string, step: number, layers: 'last' | 'all', arrays: NamedArrays }
  /** a place from which the run can go on; at least one per second of work */
  | BoundaryEvent

export interface BoundaryEvent {
  type: 'boundary'
  step: number
  snapshot: () => SnapshotState
  /** where trials begin that have come to it alike: see beginning() */
  endsBeginning?: true
}

/** A network that is stored from now on. What its outputs mean and what it was trained on the head of the network says. */
export interface ModelEvent {
  type: 'model'
  name: string
  network: Architecture
  preprocessing: Preprocessing
  /** what it saw of a stored data set; without one it answers raw inputs, and influence is refused by name */
  trainingView?: NamedView
  /** what it reads and predicts, where no training view says it: {inputs, target} */
  fields?: Fields
  /** how its weights are moved; left out, or other: its checkpoints have no weights that a derivation gives */
  descent?: Descent
  /** JSON: what the kind's own operations must know of it; stored with it and given to them */
  details?: Record<string, unknown>
}

/**
 * Weights of an announced model as they are after a step. What it counts in a sum over checkpoints (Pruthi et al. 2020,
 * section 3) follows from what stands between checkpoints: kit/schedule.ts computes it.
 */
export interface CheckpointEvent {
  type: 'checkpoint'
  model: string
  /** completed steps; 0: the first weights of all */
  step: number
  /** in force at the step before, or at the first step of the interval that it begins: the paper's weight */
  learningRate: number
  arrays: NamedArrays
  /** the steps that it stands for, and what they make it count; left out where it stands for none */
  interval?: CheckpointInterval
  /** false: stored, but in no sum over checkpoints unless it is asked for by its step; true when left out */
  counted?: boolean
  /** Adam's second moments v, without the correction of their bias, by the names of the arrays that are trained */
  moments?: NamedArrays
  /** what is learned there beside the target of the training view: `labelling`, by index in the split, where the view has its weight */
  targets?: NamedArrays
}

/** A training view that names its data set as inputs() does. */
export interface NamedView extends Omit<TrainingView, 'datasetId'> { data: string }

/** The code of a kind. */
export interface Runner<Spec = unknown, Result = unknown> {
  /** Works on one trial and yields what it finds; a method, so that the registry may hold kinds of all specs. */
  run (trial: TrialDefinition<Spec>, context: RunContext): AsyncGenerator<RunEvent, Result>
}

export interface FinishedTrial<Spec, Result> {
  id: string
  definition: TrialDefinition<Spec>
  state: 'succeeded' | 'failed' | 'canceled'
  result: Result | undefined
  /** every recorded metric, whole */
  metrics: Record<string, { steps: number[], values: number[] }>
}

export interface Report {
  verdict: {
    claim: string
    predicts: string
    /** null: the evidence does not decide: trials failed or were canceled, seeds are too few, or their interval has both answers in it */
    holds: boolean | null
    evidence: string
  }
  tables: { name: string, title: string, columns: string[], rows: (string | number | null)[][] }[]
  figures: Figure[]
}

/** A picture of a report. Pictures that a trial made are artifacts: neither results nor reports carry their bytes. */
export type Figure = DrawnFigure | ArtifactFigure

/** A Vega-Lite specification with its data inside; drawn as SVG or PNG on demand. */
export interface DrawnFigure { name: string, title: string, vegaLite: Record<string, unknown> }

/** A picture that one of the trials yielded, by the trial's id. */
export interface ArtifactFigure { name: string, title: string, artifact: { trial: string, name: string, step: number } }

export type { CheckpointInterval, Dataset, DatasetDescription, Descent, NumericArray, Preprocessing, TrainingView }
