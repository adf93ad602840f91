/**
 * The data sets, models and artifacts that a spec refers to: looked up, checked, and fixed in their places when the experiment is
 * created. A kind says where they stand (inputs); errors carry the path of the reference.
 */
import type {
  Algorithm, ArtifactDescription, ArtifactInput, ArtifactReference, DataInput, DataReference, DatasetDescription, InputDescriptions,
  ModelDescription, ModelInput, ModelReference
} from '../algorithms/contract.js'
import { artifactInputs, dataInputs, modelInputs, referenceAt, replaceAt } from '../algorithms/references.js'
import { findMisfit } from '../datasets/accepts.js'
import type { Description } from '../datasets/description.js'
import type { Catalog } from '../datasets/catalog/index.js'
import { describeGenerator } from '../datasets/generators/index.js'
import type { DatasetPool } from '../datasets/dataset-pool.js'
import { AppError, type Violation } from '../errors.js'
import { addDataset } from '../jobs/add-dataset.js'
import { checkStored } from '../jobs/stored-file.js'
import type { BlobStore } from '../storage/blobs.js'
import type { TeamStore } from '../storage/team-store.js'
import { violationError } from './validation.js'

export interface InputParts { team: TeamStore, blobs: BlobStore, datasetPool: DatasetPool, catalog: Catalog }

/** What may be wrong with a reference, in the order in which it is told: all of one kind at once. */
const faults = ['not_found', 'no_checkpoint', 'unfit_dataset', 'unfit_artifact', 'file_missing'] as const
type Fault = typeof faults[number]

type Found<D> = { name: string, description: D } | { fault: Fault, violation: Violation }

/** More steps than this are not listed one by one. */
const MAX_STEPS = 20

/**
 * Looks up everything that a spec refers to and checks that the kind can work with it.
 * @throws AppError not_found, no_checkpoint, unfit_dataset, unfit_artifact, file_missing with the path of every reference that is
 *   wrong; data_missing
 */
export async function describeInputs (parts: InputParts, algorithm: Algorithm, spec: unknown): Promise<InputDescriptions> {
  const [data, models, artifacts] = await Promise.all([
    Promise.all(dataInputs(algorithm, spec).map(async input => await describeData(parts, input, referenceAt(spec, input)))),
    Promise.all(modelInputs(algorithm, spec).map(async input => await describeModel(parts, input, referenceAt(spec, input)))),
    Promise.all(artifactInputs(algorithm, spec).map(async input => await describeArtifact(parts, input, referenceAt(spec, input))))
  ])
  const wrong = [...data, ...models, ...artifacts].flatMap(found => 'fault' in found ? [found] : [])
  const first = faults.find(fault => wrong.some(found => found.fault === fault))
  if (first !== undefined) throw violationError(first, wrong.filter(({ fault }) => fault === first).map(({ violation }) => violation))
  return { data: byName(data), models: byName(models), artifacts: byName(artifacts) }
}

/**
 * Rewrites every reference in its place: data sets to their rows, made or downloaded now where they are not there, models to a checkpoint.
 * Artifacts are what they are. One after the other: what is generated twice is one data set.
 */
export async function fixInputs<Spec> (
  parts: InputParts, algorithm: Algorithm, spec: Spec, inputs: InputDescriptions
): Promise<{ fixed: Spec, known: InputDescriptions }> {
  let fixed = spec
  const known = structuredClone(inputs)
  for (const input of dataInputs(algorithm, spec)) {
    const reference = referenceAt(spec, input)
    if ('datasetId' in reference) continue
    const { dataset: { id } } = 'generator' in reference
      ? await addDataset(parts, `${reference.generator.type}, generated`, { type: 'generator', spec: reference.generator })
      : await addDataset(parts, reference.catalog, parts.catalog.toJob(reference.catalog))
    fixed = replaceAt(fixed, input.path, { datasetId: id })
    known.data[input.name] = { ...known.data[input.name]!, id }
  }
  for (const { path, name } of modelInputs(algorithm, spec)) {
    const { id: modelId, step } = known.models[name]!
    fixed = replaceAt(fixed, path, { modelId, step } satisfies ModelReference)
  }
  return { fixed, known }
}

/** @throws data_missing */
async function describeData (
  parts: InputParts, { path, name, accepts }: DataInput, reference: DataReference
): Promise<Found<DatasetDescription>> {
  const description = 'datasetId' in reference ? await openDataset(parts, reference.datasetId) : { id: '', ...foretell(parts, reference) }
  if (description === undefined) {
    const got = 'datasetId' in reference ? reference.datasetId : null
    return { fault: 'not_found', violation: { path: `${path}.datasetId`, rule: 'must be a data set of this team', got } }
  }
  const misfit = findMisfit(description, accepts)
  return misfit === undefined ? { name, description } : { fault: 'unfit_dataset', violation: { path, ...misfit } }
}

/** What a data set will be that is not made yet. */
function foretell ({ catalog }: InputParts, reference: Exclude<DataReference, { datasetId: string }>): Description {
  return 'generator' in reference ? describeGenerator(reference.generator) : catalog.find(reference.catalog).description
}

async function openDataset (parts: InputParts, id: string): Promise<DatasetDescription | undefined> {
  const dataset = await orNone(parts.team.datasets.open(id))
  if (dataset !== undefined) await checkStored(parts, dataset)
  return dataset?.description
}

async function describeModel (
  { team, blobs }: InputParts, { path, name }: ModelInput, { modelId, step }: ModelReference
): Promise<Found<ModelDescription>> {
  const refuse = (fault: Fault, rule: string): Found<never> => ({ fault, violation: { path: `${path}.modelId`, rule, got: modelId } })
  const model = await orNone(team.models.open(modelId))
  if (model === undefined) return refuse('not_found', 'must be a model of this team')
  const steps = model.checkpoints.map(checkpoint => checkpoint.step)
  if (steps.length === 0) return refuse('no_checkpoint', 'must be a model with a checkpoint')
  const checkpoint = step === undefined ? model.checkpoints.at(-1) : model.checkpoints.find(one => one.step === step)
  if (checkpoint === undefined) {
    return { fault: 'not_found', violation: { path: `${path}.step`, rule: `must be a checkpoint of the model, ${saySteps(steps)}`, got: step } }
  }
  if (!await blobs.has(checkpoint.blobSha)) return refuse('file_missing', `must have its weights at step ${checkpoint.step} in the blob store`)
  return { name, description: { ...model.description, step: checkpoint.step } }
}

async function describeArtifact (
  { team, blobs }: InputParts, { path, name, expects }: ArtifactInput, { artifactId }: ArtifactReference
): Promise<Found<ArtifactDescription>> {
  const refuse = (fault: Fault, rule: string, got: string): Found<never> => ({ fault, violation: { path: `${path}.artifactId`, rule, got } })
  const artifact = await orNone(team.artifacts.open(artifactId))
  if (artifact === undefined) return refuse('not_found', 'must be an artifact of this team', artifactId)
  const { description, blobSha } = artifact
  if (description.name !== expects.name || description.mediaType !== expects.mediaType) {
    return refuse('unfit_artifact', `must be an artifact ${sayArtifact(expects)}`, sayArtifact(description))
  }
  if (!await blobs.has(blobSha)) return refuse('file_missing', 'must have its file in the blob store', artifactId)
  return { name, description }
}

function sayArtifact ({ name, mediaType }: ArtifactInput['expects']): string {
  return `${name} of ${mediaType}`
}

/** @param steps rising, at least one */
function saySteps (steps: number[]): string {
  return steps.length <= MAX_STEPS ? steps.join(', ') : `one of ${steps.length} from ${steps[0]} to ${steps.at(-1)}`
}

async function orNone<T> (opened: Promise<T>): Promise<T | undefined> {
  return await opened.catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'not_found') return undefined
    throw error
  })
}

function byName<D> (found: Found<D>[]): Record<string, D> {
  return Object.fromEntries(found.flatMap(one => 'fault' in one ? [] : [[one.name, one.description]]))
}
