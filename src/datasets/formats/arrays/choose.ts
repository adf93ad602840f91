/** Which array is which field of which split: as the upload says, or by names that leave no doubt. */
import { AppError } from '../../../errors.js'
import { broken, show } from '../../limits.js'
import { describeArray, type ArrayFile, type StoredArray } from './array-file.js'
import type { ArraysOptions } from './options.js'

/** Arrays by field: inputs, target where there is one, and further ones. */
export type ArraysOfFields = { inputs: StoredArray } & Partial<Record<string, StoredArray>>

export interface Chosen {
  train: ArraysOfFields
  /** undefined when the test split is to be cut off */
  test: ArraysOfFields | undefined
  /** arrays that are no field */
  unused: StoredArray[]
}

/** Arrays of files that have several. */
export interface OpenFiles { train: ArrayFile, test: ArrayFile | undefined }

type SplitName = 'train' | 'test'

const fieldWords: [field: string, words: string[]][] = [
  ['inputs', ['x', 'input', 'inputs', 'image', 'images', 'feature', 'features', 'data']],
  ['target', ['y', 'target', 'targets', 'label', 'labels']]
]
const splitWords: [split: SplitName, words: string[]][] = [['train', ['train', 'training']], ['test', ['test', 'testing']]]
/** `labels` is what the target is called in stored files. */
const FIELD_NAME = /^(?!labels$)[a-z][a-zA-Z0-9]{0,40}$/

/** Chooses. @throws AppError invalid_dataset with all arrays when names do not say it */
export function chooseArrays (files: OpenFiles, { arrays: told, targetType }: ArraysOptions): Chosen {
  const { train, test } = told === undefined ? findByNames(files) : takeTold(files, told)
  if (targetType === 'none') {
    delete train.target
    delete test?.target
  }
  const used = new Set([...Object.values(train), ...Object.values(test ?? {})])
  const all = [...files.train.arrays, ...files.test?.arrays ?? []]
  return { train: train as ArraysOfFields, test: test as ArraysOfFields | undefined, unused: all.filter(array => !used.has(array)) }
}

type Partly = Partial<Record<string, StoredArray>>

function takeTold ({ train, test }: OpenFiles, told: NonNullable<ArraysOptions['arrays']>): { train: Partly, test: Partly | undefined } {
  const take = (file: ArrayFile, split: SplitName, names: Record<string, string>): Partly => Object.fromEntries(
    Object.entries(names).map(([field, name]) => {
      if (!FIELD_NAME.test(field)) throw new AppError('invalid_dataset', `arrays.${split} must name fields of letters and digits, and not labels, got ${show(field)}`)
      const found = file.arrays.find(array => array.name === name)
      if (found === undefined) throw refuse(file, `arrays.${split}.${field} must be one of its arrays, got ${show(name)}`)
      return [field, found]
    }))
  const testNames = told.test ?? (test && told.train)
  return { train: take(train, 'train', told.train), test: testNames && take(test ?? train, 'test', testNames) }
}

function findByNames ({ train, test }: OpenFiles): { train: Partly, test: Partly | undefined } {
  const splits: Record<SplitName, Partly> = { train: {}, test: {} }
  for (const [file, own] of [[train, 'train'], [test, 'test']] as const) {
    for (const array of file?.arrays ?? []) {
      const { split = own, field } = readName(array.name ?? '') ?? {}
      const rule = field === undefined ? 'is no field by its name' : splits[split][field] !== undefined ? `is a second ${field} of ${split}` : undefined
      if (rule !== undefined) throw refuse(file!, `the option arrays must say which array is which field, for ${describeArray(array)} ${rule}`)
      splits[split][field!] = array
    }
  }
  for (const [split, { inputs, target }] of Object.entries(splits)) {
    if (inputs !== undefined || (split === 'test' && target === undefined && test === undefined)) continue
    throw refuse(split === 'test' && test ? test : train, `there must be an array of inputs of ${split}; the option arrays can say which`)
  }
  return { train: splits.train, test: splits.test.inputs && splits.test }
}

/** @returns undefined for a name that has another word, or not just one of a field and one of a split at most */
function readName (name: string): { field: string, split?: SplitName } | undefined {
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase().replace(/^([xy])(train|test)$/, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u).filter(word => word !== '')
  const meant = <Meaning extends string>(meanings: [Meaning, string[]][]): Meaning[] =>
    words.flatMap(word => meanings.filter(([, known]) => known.includes(word)).map(([meaning]) => meaning))
  const [[field, ...fields], [split, ...splits]] = [meant(fieldWords), meant(splitWords)]
  if (field === undefined || fields.length + splits.length > 0 || words.length !== (split === undefined ? 1 : 2)) return undefined
  return { field, ...(split === undefined ? {} : { split }) }
}

const MAX_LISTED = 20

function refuse ({ file, arrays }: ArrayFile, rule: string): AppError {
  const listed = arrays.slice(0, MAX_LISTED).map(describeArray).join(', ')
  return broken(file, `${rule}; there are ${listed || 'none'}${arrays.length > MAX_LISTED ? ` and ${arrays.length - MAX_LISTED} more` : ''}`)
}
