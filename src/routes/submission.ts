/**
 * Turns what was submitted into an experiment that can be stored: the kind's schema fills the spec's defaults, the data
 * is looked up, the kind checks what a schema cannot say, and plan() makes the trials. Nothing here knows a kind.
 */
import type { Algorithm, DatasetDescription, DataReference, TrialDefinition } from '../algorithms/contract.js'
import { findAlgorithm } from '../algorithms/registry.js'
import { AppError, type Violation } from '../errors.js'
import type { GeneratorSpec } from '../datasets/generator-spec.js'
import { describeGenerator } from '../datasets/generators.js'
import { addDataset, type Preparer } from '../datasets/preparer.js'
import { checkStored } from '../datasets/stored-file.js'
import type { BlobStore } from '../storage/blobs.js'
import type { NewExperiment as StoredExperiment } from '../storage/team/experiments.js'
import type { TeamStore } from '../storage/team-store.js'
import { mergePatch } from './merge-patch.js'
import type { NewExperiment, Validation } from './schemas/experiments.js'
import { compileCheck, violationError } from './validation.js'

/** More trials than this in one experiment are a mistake of the spec. */
const MOST_TRIALS = 1000

type Spec = Record<string, unknown>
type Described = Omit<DatasetDescription, 'id'>
type Inputs = Record<string, DatasetDescription>

export interface SubmissionParts { team: TeamStore, blobs: BlobStore, preparer: Preparer }

/** A submission whose spec is valid and whose data is known, but not yet stored. */
export interface Submission {
  algorithm: Algorithm
  title: string
  spec: Spec
  trials: TrialDefinition[]
  /** what its data are, by the names under which the kind has them */
  inputs: Inputs
}

/**
 * Reads a submission.
 * @throws AppError unknown_kind, unknown_preset, invalid_request, invalid_spec, not_found and data_missing for a data set
 */
export async function readSubmission (parts: SubmissionParts, submitted: NewExperiment): Promise<Submission> {
  const algorithm = findAlgorithm(submitted.kind)
  const { spec, title } = fillSpec(algorithm, submitted)
  const trials = algorithm.plan(spec)
  if (trials.length < 1 || trials.length > MOST_TRIALS) {
    throw violationError('invalid_spec', [{ path: 'spec', rule: `must make 1 .. ${MOST_TRIALS} trials`, got: trials.length }])
  }
  const inputs = await describeInputs(parts, algorithm, spec)
  const violations = algorithm.check?.(spec, inputs) ?? []
  if (violations.length > 0) throw violationError('invalid_spec', violations)
  return { algorithm, title, spec, trials, inputs }
}

/** Says what would come of a submission, and stores nothing. @throws AppError unknown_kind, unknown_preset, invalid_request */
export async function validateSubmission (parts: SubmissionParts, submitted: NewExperiment): Promise<Validation> {
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
    if (!(error instanceof AppError) || !['invalid_spec', 'not_found', 'data_missing'].includes(error.code)) throw error
    const errors = error.extra.errors ?? [{ path: 'spec', rule: error.detail, got: null }]
    return { valid: false, errors, spec: null, trials: [], estimate: null }
  }
}

/** Fixes the data of a submission to a data set row, made now where it is generated, and plans again with it. */
export async function toExperiment (
  parts: SubmissionParts, submitted: NewExperiment, { algorithm, title, spec, trials, inputs }: Submission, createdBy: string
): Promise<StoredExperiment> {
  const fixed = await fixData(parts, spec)
  const planned = fixed === spec ? trials : algorithm.plan(fixed)
  const references = algorithm.inputs(fixed).map(({ reference }) => reference)
  return {
    kind: algorithm.kind,
    kindVersion: algorithm.version,
    name: submitted.name ?? title,
    notes: submitted.notes ?? '',
    tags: submitted.tags ?? [],
    priority: submitted.priority ?? 0,
    maxSeconds: submitted.maxSeconds,
    preset: submitted.preset,
    spec: fixed,
    createdBy,
    datasetIds: [...new Set(references.flatMap(reference => 'datasetId' in reference ? [reference.datasetId] : []))],
    trials: planned.map(definition => ({ definition, needs: algorithm.needs(definition, inputs) }))
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

/** Describes the data that a spec names. */
async function describeInputs (parts: SubmissionParts, algorithm: Algorithm, spec: Spec): Promise<Inputs> {
  const entries = algorithm.inputs(spec).map(async ({ name, reference }) => [name, await describe(parts, reference)] as const)
  return Object.fromEntries(await Promise.all(entries))
}

async function describe (parts: SubmissionParts, reference: DataReference): Promise<DatasetDescription> {
  if ('datasetId' in reference) return { id: reference.datasetId, ...await findDataset(parts, reference.datasetId) }
  const spec = reference.generator as GeneratorSpec
  return { id: '', ...pick(describeGenerator(spec)) }
}

async function findDataset (parts: SubmissionParts, id: string): Promise<Described> {
  try {
    const dataset = await parts.team.datasets.open(id)
    await checkStored(parts, dataset)
    return pick(dataset.description)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'not_found') throw error
    const violation: Violation = { path: 'spec.data.datasetId', rule: 'must be a data set of this team', got: id }
    throw violationError('not_found', [violation])
  }
}

function pick ({ inputShape, classes, trainCount, testCount }: Described): Described {
  return { inputShape, classes, trainCount, testCount }
}

/** By convention a kind that reads examples has them as spec.data: {datasetId} or {generator}. */
async function fixData (parts: SubmissionParts, spec: Spec): Promise<Spec> {
  const data = spec.data as { generator?: GeneratorSpec } | undefined
  if (data?.generator === undefined) return spec
  const { dataset } = await addDataset(parts, `${data.generator.type}, generated`, { type: 'generator', spec: data.generator })
  return { ...spec, data: { datasetId: dataset.id } }
}
