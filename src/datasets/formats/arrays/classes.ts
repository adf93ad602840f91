/** Arrays of classes: a number for every example, or for every pixel. */
import { sizeOf } from '../../../math/arrays.js'
import { inMemory } from '../../dataset-file.js'
import type { Pieces } from '../../files.js'
import type { FieldOf } from '../../description.js'
import { broken } from '../../limits.js'
import { nameArray } from './array-file.js'
import { checkShape, withAxes, type ArraysContext, type FieldReader } from './field.js'
import { readNumbers, type NumberArray, type Numbers } from './numbers.js'
import { spoolArray } from './order.js'
import { UNLABELLED } from '../../unlabelled.js'

/** Integers beyond this are more likely numbers than classes: the upload must say what they are. */
const LARGEST_GUESSED = 999
/** Numbers that one warning lists. */
const MAX_NAMED = 10

/**
 * Reads a class for every example, [n] or [n, 1]. The different numbers, sorted, are the classes; with names they are the
 * numbers of these.
 * @param options.isTold  whether the upload says that they are classes
 */
export async function readClasses (
  train: NumberArray, { isTold, names: classNames }: { isTold: boolean, names: string[] | undefined }, context: ArraysContext
): Promise<FieldReader> {
  const { tally } = context
  const codes = new Map<number, number>(classNames?.map((_, label) => [label, label])) // in the order in which they come
  const labels = await readLabels(train, (label, refuse) => {
    const code = codes.get(label)
    if (code !== undefined) return code
    if (classNames !== undefined) throw refuse(`must be 0 .. ${classNames.length - 1}, the place of a name in classNames`)
    if (!Number.isSafeInteger(label)) throw refuse('must be an integer to be a class')
    if (!isTold && (label < 0 || label > LARGEST_GUESSED)) throw refuse(`must be 0 .. ${LARGEST_GUESSED} to be a class unless the upload says so; say targetType=classes or targetType=values`)
    codes.set(label, codes.size)
    tally.checkClasses(train.file, codes.size, `${nameArray(train)}: `)
    return codes.size - 1
  })
  const numbers = [...codes.keys()].sort((a, b) => a - b)
  if (numbers.length < 2) throw broken(train.file, `${nameArray(train)} must have 2 classes or more, got ${numbers.length}`)
  if (classNames !== undefined) tally.checkClasses(train.file, classNames.length)
  warnOfGaps(train, numbers, context)
  const places = Int32Array.from(numbers.keys())
  const sorted = new Map(numbers.map((number, place) => [number, place]))
  numbers.forEach((number, place) => { places[codes.get(number)!] = place })
  labels.forEach((code, at) => { labels[at] = places[code]! })
  return {
    field: { type: 'classes', names: classNames ?? numbers.map(number => String(number)) },
    pieces: inMemory(labels),
    readTest: async array => inMemory(await readLabels(array, (label, refuse) => {
      const code = sorted.get(label)
      if (code === undefined) throw refuse(classNames ? `must be 0 .. ${classNames.length - 1}, the place of a name in classNames` : 'must be a class of the training split')
      return code
    }))
  }
}

/** Classes that count up but for some are perhaps not all there. */
function warnOfGaps (array: NumberArray, numbers: number[], { warn }: ArraysContext): void {
  const known = new Set(numbers)
  const last = numbers.at(-1)!
  if (last > LARGEST_GUESSED) return // numbers that count nothing
  const gaps = Array.from({ length: last }, (_, number) => number).filter(number => number > numbers[0]! && !known.has(number))
  if (gaps.length === 0) return
  warn({
    code: 'missing_class',
    text: `no example has ${gaps.slice(0, MAX_NAMED).join(', ')}${gaps.length > MAX_NAMED ? ', …' : ''} in ${nameArray(array)}: the ${numbers.length} different numbers are the classes; classNames can name all`
  })
}

/** @param code what is kept of a label */
async function readLabels (
  given: NumberArray, code: (label: number, refuse: (rule: string) => Error) => number
): Promise<Int32Array<ArrayBuffer>> {
  const array = withAxes(given, 1)
  if (array.shape.length !== 1) throw broken(array.file, `${nameArray(array)} must have 1 axis as classes, got [${array.shape.join(', ')}]`)
  const labels = new Int32Array(array.shape[0]!)
  let next = 0
  for await (const { numbers, refuse } of readNumbers(array)) {
    for (let i = 0; i < numbers.length; i++) labels[next++] = code(numbers[i]!, rule => refuse(i, rule))
  }
  return labels
}

/**
 * Reads a class for every pixel, [n, height, width]: 0, 1, 2, ... and 255 where it has none.
 * @param size   [height, width] of the pictures
 * @param names  of the classes where another field has them already
 */
export async function readClassMap (
  given: NumberArray, size: number[], names: string[] | undefined, context: ArraysContext
): Promise<FieldReader> {
  const train = withAxes(given, 3)
  if (String(train.shape.slice(1)) !== String(size)) {
    throw broken(train.file, `an example of ${nameArray(train)} must have the shape [${size.join(', ')}] of the pictures as a class map, got [${train.shape.slice(1).join(', ')}]`)
  }
  let classes = names?.length ?? UNLABELLED
  let largest = -1
  const toPixels = ({ numbers, refuse }: Numbers): Uint8Array => {
    const pixels = new Uint8Array(numbers.length)
    for (let i = 0; i < pixels.length; i++) {
      const label = numbers[i]!
      if (label !== UNLABELLED) {
        if (!(Number.isInteger(label) && label >= 0 && label < classes)) throw refuse(i, `must be a class 0 .. ${classes - 1}, or ${UNLABELLED} for none`)
        if (label > largest) largest = label
      }
      pixels[i] = label
    }
    return pixels
  }
  const read = async (array: NumberArray): Promise<Pieces> => {
    context.tally.addCells(array.file, sizeOf(array.shape))
    return await spoolArray(array, { folder: context.folder, bytes: 1, convert: toPixels })
  }
  const pieces = await read(train)
  if (largest < 0) throw broken(train.file, `${nameArray(train)} must have a pixel with a class, got ${UNLABELLED} everywhere`)
  if (names === undefined) classes = largest + 1
  const field: FieldOf<'classMap'> = {
    type: 'classMap', shape: size, names: names ?? Array.from({ length: classes }, (_, label) => String(label))
  }
  return {
    field,
    pieces,
    async readTest (array) {
      const test = withAxes(array, 3)
      checkShape(test, train)
      return await read(test)
    }
  }
}
