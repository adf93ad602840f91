/**
 * Turns what was submitted into an experiment that can be stored: the kind's schema fills the spec's defaults, the data
 * is looked up, the kind checks what a schema cannot say, and plan() makes the trials. Nothing here knows a kind.
 */
import type { Algorithm, DatasetDescription, DataInput, DataReference, InputDescriptions, TrialDefinition } from '../algorithms/contract.js'
import { dataInputs, referenceAt, replaceAt } from '../algorithms/references.js'
import { findAlgorithm } from '../algorithms/registry.js'
import { AppError, type Violation } from '../errors.js'
import { findMisfit } from '../datasets/accepts.js'
import { describeGenerator } from '../datasets/generators/index.js'
import type { Preparer } from '../datasets/preparer.js'
import { addDataset } from '../jobs/add-dataset.js'
import { checkStored } from '../jobs/stored-file.js'
import type { BlobStore } from '../storage/blobs.js'
import type { NewExperiment as StoredExperiment } from '../storage/team/experiments.js'
import type { TeamStore } from '../storage/team-store.js'
import { mergePatch } from './merge-patch.js'
import type { NewExperiment, Validation } from './schemas/experiments.js'
import { compileCheck, violationError } from './validation.js'

/** More trials than this in one experiment are a mistake of the spec. */
const MOST_TRIALS = 1000

type Spec = Record<string, unknown>

export interface SubmissionParts { team: TeamStore, blobs: BlobStore, preparer: Preparer }

/** A submission whose spec is valid and whose data is known, but not yet stored. */
export interface Submission {
  algorithm: Algorithm
  title: string
  spec: Spec
  trials: TrialDefinition[]
  inputs: InputDescriptions
}

/**
 * Reads a submission.
 * @throws AppError unknown_kind, unknown_preset, invalid_request, invalid_spec; not_found, unfit_dataset and data_missing for a data set
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
    if (!(error instanceof AppError) || !['invalid_spec', 'not_found', 'unfit_dataset', 'data_missing'].includes(error.code)) throw error
    const errors = error.extra.errors ?? [{ path: 'spec', rule: error.detail, got: null }]
    return { valid: false, errors, spec: null, trials: [], estimate: null }
  }
}

/** Fixes what a submission refers to: data sets to their rows, made now where they are generated; and plans again with it. */
export async function toExperiment (
  parts: SubmissionParts, submitted: NewExperiment, { algorithm, title, spec, inputs }: Submission, createdBy: string
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
    spec: fixed,
    createdBy,
    datasetIds: [...new Set(Object.values(known.data).map(({ id }) => id))],
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

/**
 * Looks up everything that a spec refers to and checks that the kind can work with it.
 * @throws AppError not_found, unfit_dataset with the path of every reference that is wrong
 */
async function describeInputs (parts: SubmissionParts, algorithm: Algorithm, spec: Spec): Promise<InputDescriptions> {
  const found = await Promise.all(dataInputs(algorithm, spec).map(async input => {
    const reference = referenceAt(spec, input)
    return { input, reference, description: await describe(parts, reference) }
  }))
  const missing = found.filter(({ description }) => description === undefined)
  if (missing.length > 0) throw violationError('not_found', missing.map(toMissing))
  const inputs = found.map(({ input, description }) => ({ input, description: description! }))
  const unfit = inputs.flatMap(({ input: { path, accepts }, description }) => {
    const misfit = findMisfit(description, accepts)
    return misfit === undefined ? [] : [{ path, ...misfit }]
  })
  if (unfit.length > 0) throw violationError('unfit_dataset', unfit)
  return { data: Object.fromEntries(inputs.map(({ input, description }) => [input.name, description])), models: {} }
}

/** @returns undefined when the team has no such data set @throws data_missing */
async function describe (parts: SubmissionParts, reference: DataReference): Promise<DatasetDescription | undefined> {
  if ('generator' in reference) return { id: '', ...describeGenerator(reference.generator) }
  try {
    const dataset = await parts.team.datasets.open(reference.datasetId)
    await checkStored(parts, dataset)
    return dataset.description
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return undefined
    throw error
  }
}

function toMissing ({ input, reference }: { input: DataInput, reference: DataReference }): Violation {
  return { path: `${input.path}.datasetId`, rule: 'must be a data set of this team', got: 'datasetId' in reference ? reference.datasetId : null }
}

/** Rewrites every reference in its place. One after the other: what is generated twice is one data set. */
async function fixInputs (
  parts: SubmissionParts, algorithm: Algorithm, spec: Spec, inputs: InputDescriptions
): Promise<{ fixed: Spec, known: InputDescriptions }> {
  let fixed = spec
  const known = structuredClone(inputs)
  for (const input of dataInputs(algorithm, spec)) {
    const reference = referenceAt(spec, input)
    if ('datasetId' in reference) continue
    const { generator } = reference
    const { dataset: { id } } = await addDataset(parts, `${generator.type}, generated`, { type: 'generator', spec: generator })
    fixed = replaceAt(fixed, input.path, { datasetId: id })
    known.data[input.name] = { ...known.data[input.name]!, id }
  }
  return { fixed, known }
}
