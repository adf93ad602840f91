/** MNIST as checks and benchmarks use it: its files, how they are uploaded, the CNN that is trained on them. */
import { existsSync, openAsBlob } from 'node:fs'
import path from 'node:path'
import { projectRoot } from '../../src/paths.js'
import type { Service } from './service.js'

/** Where the files are, if they are. */
export const mnistFolder = path.resolve(projectRoot, '../shared/data/mnist')
export const hasMnist = existsSync(mnistFolder)

/** The aim of training `cnnSpec` on two quiet cores, evaluations and index included: `npm run bench:presets` judges it. */
export const MNIST_SECONDS = 240

const files = {
  trainImages: 'train-images-idx3-ubyte.gz', trainLabels: 'train-labels-idx1-ubyte.gz', testImages: 't10k-images-idx3-ubyte.gz', testLabels: 't10k-labels-idx1-ubyte.gz'
}

/** Uploads all of it. @returns the data set */
export async function uploadMnist (service: Service) {
  const form = new FormData()
  form.append('name', 'mnist')
  form.append('format', 'idx')
  for (const [name, file] of Object.entries(files)) form.append(name, await openAsBlob(path.join(mnistFolder, file)), file)
  return await service.json('POST', '/v1/datasets', form)
}

/** A tracin spec: the CNN 32-64-128, three epochs of batches of 64, an influence index of the last layer. */
export function cnnSpec (data: object): object {
  return {
    data,
    network: {
      type: 'cnn',
      layers: [
        { type: 'conv', filters: 32, kernel: 3 }, { type: 'max-pool', size: 2 }, { type: 'conv', filters: 64, kernel: 3 }, { type: 'max-pool', size: 2 },
        { type: 'dense', units: 128, activation: 'relu' }
      ]
    },
    optimizer: { learningRate: 0.05, momentum: 0.9, schedule: { type: 'cosine' } },
    epochs: 3,
    batchSize: 64,
    checkpoints: { type: 'every', epochs: 1 },
    labelNoise: { kind: 'none' },
    selfInfluence: ['last'],
    seeds: [0]
  }
}
