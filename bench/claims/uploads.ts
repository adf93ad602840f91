/** The data sets of ../shared/data that claims are run on: how each is uploaded, as a user would. */
import { existsSync, openAsBlob, readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { projectRoot } from '../../src/paths.js'
import { encodeSafetensors } from '../../src/storage/safetensors.js'
import { zip } from '../../test/datasets/zips.js'
import type { Api } from '../../test/helpers/service.js'
import { readPictures } from './cifar.js'

const folder = path.resolve(projectRoot, '../shared/data')

interface Upload {
  /** in the data folder; all must be there */
  files: string[]
  /** the multipart form */
  form (): Promise<FormData>
}

/** A form of fields and of files of the data folder. */
async function formOf (fields: Record<string, string>, files: Record<string, string>): Promise<FormData> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  for (const [name, file] of Object.entries(files)) form.append(name, await openAsBlob(path.join(folder, file)), path.basename(file))
  return form
}

function upload (fields: Record<string, string>, files: Record<string, string>): Upload {
  return { files: Object.values(files), form: async () => await formOf(fields, files) }
}

/** Nuclei and their masks at 128 x 128: the first pictures of an index, in an archive; a part of them are test pictures. */
function nuclei (name: string, index: string, { count, testCount }: { count: number, testCount: number }): Upload {
  return {
    files: [`dsb2018/${index}`],
    async form () {
      const ids = readFileSync(path.join(folder, 'dsb2018', index), 'utf8').trim().split('\n').slice(1, 1 + count).map(line => line.split(',')[0]!)
      const archive = zip(ids.flatMap(id => ['images', 'masks'].map(kind => ({
        name: `${kind}/${id}.png`, data: readFileSync(path.join(folder, 'dsb2018', kind, `${id}.png`))
      }))))
      const form = await formOf({
        name,
        format: 'pictures',
        size: '[128, 128]',
        fit: 'crop',
        classNames: '["background", "nucleus"]',
        maskValues: '{"0": 0, "255": 1}',
        testCount: String(testCount),
        splitSeed: '0'
      }, {})
      form.append('train', new Blob([archive]), `${name}.zip`)
      return form
    }
  }
}

export const uploads = {
  'dsb2018-grey': nuclei('dsb2018-grey', 'index.csv', { count: 200, testCount: 100 }),
  'dsb2018-colour': nuclei('dsb2018-colour', 'index_320x256.csv', { count: 60, testCount: 20 }),
  optdigits: upload({ name: 'optdigits', format: 'csv', testCount: '397', splitSeed: '0' }, { train: 'tabular/optdigits.tes' }),
  mnist: upload({ name: 'mnist', format: 'idx' }, {
    trainImages: 'mnist/train-images-idx3-ubyte.gz',
    trainLabels: 'mnist/train-labels-idx1-ubyte.gz',
    testImages: 'mnist/t10k-images-idx3-ubyte.gz',
    testLabels: 'mnist/t10k-labels-idx1-ubyte.gz'
  }),
  california: upload({
    name: 'california', format: 'csv', targetColumns: JSON.stringify(['median_house_value']), missingCells: 'median', testFraction: '0.2', splitSeed: '0'
  }, { train: 'california/housing.csv.gz' }),
  agnews: upload({
    name: 'agnews', format: 'csv', labelColumn: 'Class Index', columns: JSON.stringify({ Title: 'text', Description: 'text' }), testCount: '1900', splitSeed: '0'
  }, { train: 'agnews/test.csv.gz' }),
  cifar10: {
    files: ['cifar10/train_10000.bin.gz', 'cifar10/test_2000.bin.gz', 'cifar10/batches.meta.txt'],
    async form () {
      const names = readFileSync(path.join(folder, 'cifar10/batches.meta.txt'), 'utf8').trim().split(/\s+/)
      const form = await formOf({ name: 'cifar10', format: 'arrays', classNames: JSON.stringify(names) }, {})
      for (const [split, file] of [['train', 'train_10000'], ['test', 'test_2000']] as const) {
        const { inputs, labels, count } = readPictures(gunzipSync(readFileSync(path.join(folder, `cifar10/${file}.bin.gz`))))
        const bytes = encodeSafetensors({ inputs: { shape: [count, 32, 32, 3], data: inputs }, labels: { shape: [count], data: labels } })
        form.append(split, new Blob([bytes]), `${file}.safetensors`)
      }
      return form
    }
  }
} satisfies Record<string, Upload>

export type UploadName = keyof typeof uploads
export const uploadNames = Object.keys(uploads) as UploadName[]

/** The files of an upload that are not there. */
export function missingFiles (name: UploadName): string[] {
  return uploads[name].files.map(file => path.join(folder, file)).filter(file => !existsSync(file))
}

/** Uploads a data set, or finds the one with the same bytes. @returns its id */
export async function uploadData (api: Api, name: UploadName): Promise<string> {
  const { id } = await api.json<{ id: string }>('POST', '/v1/datasets', await uploads[name].form())
  return id
}
