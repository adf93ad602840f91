/** All that a query thread needs to open a stored model: what its rows say, and where its files are. */
import type { DatasetDescription, Preprocessing, TrainingView } from '../dataset.js'
import type { BlobStore } from '../storage/blobs.js'
import type { Database } from '../storage/database.js'
import type { DatasetShape } from '../storage/datasets/format.js'
import type { Architecture } from '../tensor/architecture.js'

export interface ModelSource {
  modelId: string
  architecture: Architecture
  preprocessing: Preprocessing
  trainingView: TrainingView
  dataset: { description: DatasetDescription & DatasetShape, path: string }
  checkpoints: { step: number, learningRate: number, path: string }[]
  /** only those that are ready */
  indexes: { layers: 'last' | 'all', parts: { step: number, path: string }[] }[]
}

/** Gathers a model's source. @returns undefined when the model was deleted meanwhile */
export async function findModelSource (db: Database, blobs: BlobStore, modelId: string): Promise<ModelSource | undefined> {
  const model = await db.prisma.model.findUnique({
    where: { id: modelId },
    include: {
      checkpoints: { orderBy: { step: 'asc' } },
      indexes: { where: { state: 'ready' }, orderBy: { layers: 'asc' }, include: { parts: { orderBy: { step: 'asc' } } } }
    }
  })
  const dataset = model && await db.prisma.dataset.findUnique({ where: { id: model.datasetId } })
  if (!model || !dataset) return undefined
  const { id, inputShape, classes, labelNames, trainCount, testCount } = dataset
  return {
    modelId,
    architecture: model.architecture as Architecture,
    preprocessing: model.preprocessing as unknown as Preprocessing,
    trainingView: model.trainingView as unknown as TrainingView,
    dataset: {
      description: { id, inputShape, dtype: dataset.dtype as 'uint8' | 'float32', classes, labelNames, trainCount, testCount },
      path: blobs.path(dataset.blobSha)
    },
    checkpoints: model.checkpoints.map(({ step, learningRate, blobSha }) => ({ step, learningRate, path: blobs.path(blobSha) })),
    indexes: model.indexes.map(({ layers, parts }) => ({
      layers: layers as 'last' | 'all', parts: parts.map(({ step, blobSha }) => ({ step, path: blobs.path(blobSha) }))
    }))
  }
}
