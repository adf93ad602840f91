/**
 * Data sets as arrays: NPZ, NPY and safetensors. Which array is which field: choose.ts; what a field is made of:
 * measured.ts and classes.ts. Numbers go from the file to a spool by the piece; only classes lie in memory.
 */
import { AppError } from '../../../errors.js'
import type { IncomingDataset, IncomingSplit, ReadContext } from '../../dataset-file.js'
import type { Pieces } from '../../files.js'
import type { Fields } from '../../description.js'
import { broken, type UploadedFile } from '../../limits.js'
import type { Warning } from '../../report.js'
import { cutTest, type SplitOptions } from '../../split.js'
import { surveyDataset } from '../../survey.js'
import { defineFormat, type FilesOf } from '../format.js'
import { describeArray, nameArray, openArrayFile, type ArrayFile, type StoredArray } from './array-file.js'
import { chooseArrays, type ArraysOfFields, type Chosen } from './choose.js'
import { readClasses, readClassMap } from './classes.js'
import type { ArraysContext, FieldReader } from './field.js'
import { checkIdle, readInputs, readValues } from './measured.js'
import { toNumberArray, type NumberArray } from './numbers.js'
import { ArraysOptions } from './options.js'

const files = {
  train: 'arrays of the training split, or of both: NPZ or safetensors',
  test: 'arrays of the test split: NPZ or safetensors',
  trainInputs: 'one array, instead of train: inputs to train on',
  trainTarget: 'one array: the target of trainInputs',
  testInputs: 'one array: inputs to test on',
  testTarget: 'one array: the target of testInputs'
}
type Role = keyof typeof files

export const arrays = defineFormat({
  name: 'arrays',
  description: 'arrays of NumPy (NPZ, NPY) or safetensors, plain or gzip',
  files,
  needed: [],
  tests: ['test', 'testInputs', 'testTarget'],
  options: ArraysOptions,
  prepare: prepareArrays
})

/**
 * Makes a data set of arrays. Without arrays to test on a test split is cut off.
 * @throws AppError invalid_dataset naming the file, the array, the element and the rule
 */
async function prepareArrays (
  files: FilesOf<Role>, options: ArraysOptions & SplitOptions, context: ReadContext
): Promise<IncomingDataset> {
  checkFiles(files, options)
  const opened: Partial<Record<Role, ArrayFile>> = {}
  try {
    for (const [role, file] of Object.entries(files) as [Role, UploadedFile][]) opened[role] = await openArrayFile(file, context)
    const chosen = opened.train ? chooseArrays({ train: opened.train, test: opened.test }, options) : takeSingles(opened, options)
    const warnings: Warning[] = []
    const dataset = await readDataset(chosen, options, { ...context, options, warn: warning => { warnings.push(warning) } })
    const report = surveyDataset(dataset)
    const others = Object.values(opened).reduce((sum, { others }) => sum + others, 0)
    const skipped = [
      ...chosen.unused.map(array => ({ what: `the array ${describeArray(array)}`, count: 1 })),
      ...others > 0 ? [{ what: 'members that are no NumPy arrays', count: others }] : []
    ]
    return { ...dataset, report: { ...report, skipped, warnings: [...warnings, ...report.warnings] } }
  } finally {
    for (const file of Object.values(opened)) file.close()
  }
}

/** Whole files or single arrays, and no part of a split without its other part. */
function checkFiles (files: FilesOf<Role>, options: ArraysOptions): void {
  const { train, test, trainInputs, ...others } = files
  if ((train === undefined) === (trainInputs === undefined)) {
    throw new AppError('invalid_dataset', `there must be either the file train or the file trainInputs, got ${train ? 'both' : 'neither'}`)
  }
  const strange = train ? Object.keys(others) : test ? ['test'] : []
  if (strange.length > 0) throw new AppError('invalid_dataset', `${strange.join(', ')} must be left out beside ${train ? 'train' : 'trainInputs'}`)
  if (!train && options.arrays !== undefined) throw new AppError('invalid_dataset', 'arrays must be left out beside trainInputs: every file has one array')
}

function takeSingles (opened: Partial<Record<Role, ArrayFile>>, { targetType }: ArraysOptions): Chosen {
  const take = (role: Role): StoredArray | undefined => {
    const file = opened[role]
    if (file !== undefined && file.arrays.length !== 1) throw broken(file.file, `there must be one array in ${role}, got ${file.arrays.length}`)
    return file?.arrays[0]
  }
  const split = (inputs: StoredArray | undefined, target: StoredArray | undefined): ArraysOfFields | undefined =>
    inputs && { inputs, ...(target && targetType !== 'none' ? { target } : {}) }
  const [trainTarget, testInputs, testTarget] = [take('trainTarget'), take('testInputs'), take('testTarget')]
  if (testTarget !== undefined && testInputs === undefined) throw new AppError('invalid_dataset', 'testTarget must come with testInputs')
  const unused = targetType === 'none' ? [trainTarget, testTarget].filter(array => array !== undefined) : []
  return { train: split(take('trainInputs'), trainTarget)!, test: split(testInputs, testTarget), unused }
}

async function readDataset (chosen: Chosen, options: ArraysOptions & SplitOptions, context: ArraysContext): Promise<IncomingDataset> {
  const train = toSplit(chosen.train, context)
  const test = chosen.test && toSplit(chosen.test, context)
  if (test !== undefined) checkTest(train, test, options)
  const readers = await readFields(train, context)
  const fields = Object.fromEntries([...readers].map(([name, { field }]) => [name, field])) as Fields
  checkIdle(train.inputs, fields, options)
  const all = { count: countOf(train), fields: Object.fromEntries([...readers].map(([name, { pieces }]) => [name, pieces])) }
  const splits = test === undefined ? cutTest(all, fields, options) : { train: all, test: await readTest(readers, test) }
  return { description: { fields, counts: { train: splits.train.count, test: splits.test.count } }, ...splits }
}

type Numbers = { inputs: NumberArray } & Record<string, NumberArray>

/** Checks the arrays of a split before any number is read: real numbers, as many examples of each. */
function toSplit (arrays: ArraysOfFields, { tally }: ArraysContext): Numbers {
  const split = Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, toNumberArray(array!)])) as Numbers
  const count = countOf(split)
  for (const [name, array] of Object.entries(split)) {
    if (array.shape[0] !== count) {
      throw broken(array.file, `${nameArray(array)} must have an element for each of the ${count} examples of ${nameArray(split.inputs)}, got ${array.shape[0]} as ${name}`)
    }
  }
  tally.addRows(split.inputs.file, count)
  return split
}

function countOf ({ inputs }: Numbers): number {
  return inputs.shape[0]!
}

function checkTest (train: Numbers, test: Numbers, { testFraction, testCount, seed, stratify }: SplitOptions): void {
  if ([testFraction, testCount, seed, stratify].some(option => option !== undefined)) {
    throw new AppError('invalid_dataset', `testFraction, testCount, splitSeed and stratify must be left out when there are arrays to test on, got ${describeArray(test.inputs)}`)
  }
  const [wanted, got] = [train, test].map(split => Object.keys(split).sort().join(', '))
  if (wanted !== got) throw broken(test.inputs.file, `the test split must have the fields of the training split (${wanted}), got ${got}`)
}

async function readFields ({ inputs, target, ...further }: Numbers, context: ArraysContext): Promise<Map<string, FieldReader>> {
  const { options: { targetType, classNames, targetNames }, warn } = context
  const readers = new Map([['inputs', await readInputs(inputs, context)]])
  const picture = readers.get('inputs')!.field
  const size = picture.type === 'image' ? picture.shape.slice(0, 2) : undefined
  if (target === undefined) {
    if (targetType !== undefined && targetType !== 'none') throw broken(inputs.file, `there must be a target of ${targetType}, got none`)
    if (targetType === undefined) warn({ code: 'no_target', text: 'there is no array of a target: only the inputs are kept' })
  } else readers.set('target', await readField('target', target, { type: targetType, size, classNames, targetNames }, context))
  const known = readers.get('target')?.field
  const shared = { size, ...(known?.type === 'classMap' ? { classNames: known.names } : {}) } // scribbles are of the target's classes
  for (const [name, array] of Object.entries(further)) readers.set(name, await readField(name, array, shared, context))
  return readers
}

interface Told {
  type?: ArraysOptions['targetType']
  /** [height, width] where inputs are pictures */
  size: number[] | undefined
  classNames?: string[] | undefined
  targetNames?: string[] | undefined
}

/** Reads a field that is no input, by its type or, where nobody told it, by its numbers and axes. */
async function readField (
  name: string, array: NumberArray, { type, size, classNames, targetNames }: Told, context: ArraysContext
): Promise<FieldReader> {
  const { isInteger } = array.type
  const [, width = 1, ...more] = array.shape
  const isList = width === 1 && more.length === 0
  const found = !isInteger && more.length === 0 ? 'values' : isInteger && isList ? 'classes' : isInteger && size !== undefined ? 'classMap' : undefined
  switch (type ?? found) {
    case 'classes': return await readClasses(array, { isTold: type === 'classes', names: classNames }, context)
    case 'values': return await readValues(array, targetNames, name, context)
    case 'classMap':
      if (size === undefined) throw broken(array.file, `${nameArray(array)} must belong to pictures to be a class map, got inputs that are none`)
      return await readClassMap(array, size, classNames, context)
    default: throw broken(array.file, `targetType must say what ${describeArray(array)} is: classes, values or a class map`)
  }
}

async function readTest (readers: Map<string, FieldReader>, test: Numbers): Promise<IncomingSplit> {
  const fields: Record<string, Pieces> = {}
  for (const [name, { readTest }] of readers) fields[name] = await readTest(test[name]!)
  return { count: countOf(test), fields }
}
