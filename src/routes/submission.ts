/**
 * Turns what was submitted into an experiment that can be stored: the kind's schema fills the spec's defaults, its data,
 * models and artifacts are looked up, the kind checks what a schema cannot say, and plan() makes the trials. Nothing here knows a kind.
 */
import type { Algorithm, InputDescriptions, TrialDefinition } from '../algorithms/contract.js'
import { findAlgorithm } from '../algorithms/registry.js'
import { AppError, type ErrorCode } from '../errors.js'
import type { NewExperiment as StoredExperiment } from '../storage/team/experiments.js'
import { mergePatch } from './merge-patch.js'
import type { NewExperiment, Validation } from './schemas/experiments.js'
import { describeInputs, fixInputs, type InputParts } from './spec-inputs.js'
import { compileCheck, violationError } from './validation.js'

/** More trials than this in one experiment are a mistake of the spec. */
const MAX_TRIALS = 1000

type Spec = Record<string, unknown>

/** What is wrong with a spec or with what it refers to: an answer of validate=true, not its failure. */
const specFaults: readonly ErrorCode[] = ['invalid_spec', 'not_found', 'no_checkpoint', 'unfit_dataset', 'unfit_artifact', 'data_missing', 'file_missing']

/** A submission whose spec is valid and whose data, models and artifacts are known, but not yet stored. */
export interface Submission {
  algorithm: Algorithm
  title: string
  spec: Spec
  trials: TrialDefinition[]
  inputs: InputDescriptions
}

/**
 * Reads a submission.
 * @throws AppError unknown_kind, unknown_preset, invalid_request, invalid_spec, and what describeInputs throws
 */
export async function readSubmission (parts: InputParts, submitted: NewExperiment): Promise<Submission> {
  const algorithm = findAlgorithm(submitted.kind)
  const { spec, title } = fillSpec(algorithm, submitted)
  const trials = algorithm.plan(spec)
  if (trials.length < 1 || trials.length > MAX_TRIALS) {
    throw violationError('invalid_spec', [{ path: 'spec', rule: `must make 1 .. ${MAX_TRIALS} trials`, got: trials.length }])
  }
  const inputs = await describeInputs(parts, algorithm, spec)
  const violations = algorithm.check?.(spec, inputs) ?? []
  if (violations.length > 0) throw violationError('invalid_spec', violations)
  return { algorithm, title, spec, trials, inputs }
}

/** Says what would come of a submission, and stores nothing. @throws AppError unknown_kind, unknown_preset, invalid_request */
export async function validateSubmission (parts: InputParts, submitted: NewExperiment): Promise<Validation> {
  try {
    const { algorithm, spec, trials, inputs } = await readSubmission(parts, submitted)
    const estimates = trials.map(trial => algorithm.needs(trial, inputs).estimate)
    return {
      valid: true,
      errors: [],
      spec,
      trials: trials.map(({ arm, seed }) => ({ arm, seed })),
      estimate: {
        steps: estimates.reduce((sum, { steps }) => sum + steps, 0), bytes: estimates.reduce((sum, { bytes }) => sum + bytes, 0)
      }
    }
  } catch (error) {
    if (!(error instanceof AppError) || !specFaults.includes(error.code)) throw error
    const errors = error.extra.errors ?? [{ path: 'spec', rule: error.detail, got: null }]
    return { valid: false, errors, spec: null, trials: [], estimate: null }
  }
}

/** Fixes what a submission refers to, and plans again with it. @param submitted  its parent: the experiment that it follows up */
export async function toExperiment (
  parts: InputParts, submitted: NewExperiment & { parent?: string }, { algorithm, title, spec, inputs }: Submission, createdBy: string
): Promise<StoredExperiment> {
  const { fixed, known } = await fixInputs(parts, algorithm, spec, inputs)
  return {
    kind: algorithm.kind,
    kindVersion: algorithm.version,
    name: submitted.name ?? title,
    notes: submitted.notes ?? '',
    tags: submitted.tags ?? [],
    priority: submitted.priority ?? 0,
    maxSeconds: submitted.maxSeconds,
    preset: submitted.preset,
    parent: submitted.parent,
    spec: fixed,
    createdBy,
    datasetIds: Object.values(known.data).map(({ id }) => id),
    modelIds: Object.values(known.models).map(({ id }) => id),
    artifactIds: Object.values(known.artifacts).map(({ id }) => id),
    trials: algorithm.plan(fixed).map(definition => ({ definition, needs: algorithm.needs(definition, known) }))
  }
}

function fillSpec (algorithm: Algorithm, submitted: NewExperiment): { spec: Spec, title: string } {
  const { preset, overrides } = submitted
  if ((submitted.spec === undefined) === (preset === undefined)) {
    throw violationError('invalid_request', [{ path: 'spec', rule: 'must be given, or preset instead of it', got: submitted.spec === undefined ? null : 'both' }])
  }
  if (overrides !== undefined && preset === undefined) {
    throw violationError('invalid_request', [{ path: 'overrides', rule: 'must come with a preset', got: overrides }])
  }
  const found = algorithm.presets.find(({ name }) => name === preset)
  if (preset !== undefined && found === undefined) {
    const names = algorithm.presets.map(({ name }) => name).join(', ')
    throw new AppError('unknown_preset', `preset must be one of ${names}, got ${JSON.stringify(preset)}`)
  }
  const spec = structuredClone(found === undefined ? submitted.spec : mergePatch(found.spec, overrides)) as Spec
  const violations = compileCheck(algorithm.spec, { root: 'spec' })(spec)
  if (violations.length > 0) throw violationError('invalid_spec', violations)
  return { spec, title: found?.title ?? algorithm.title }
}
