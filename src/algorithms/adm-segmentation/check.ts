/** What a spec that fits its schema still gets wrong, alone or with the data set it names. Pure. */
import type { DatasetDescription } from '../../datasets/dataset.js'
import { sayField, type Field, type FieldOf } from '../../datasets/description.js'
import { EXTENT, isExtent } from '../../datasets/extent.js'
import { AppError, type Violation } from '../../errors.js'
import { outputShapes } from '../../tensor/architecture.js'
import type { InputDescriptions } from '../contract.js'
import { checkOptimizer } from '../kit/descent.js'
import { armsOf } from './arms.js'
import { shapeOf } from './data.js'
import type { Method } from './methods.js'
import { architectureOf } from './networks.js'
import type { SegmentationSpec } from './spec.js'
import { checkClaims, checkMixture, checkSwept } from './sweep/check.js'
import { isSweep } from './sweep/work.js'
import { epochsOf } from './work.js'

/** Lists the broken rules. */
export function check (spec: SegmentationSpec, { data: { data } }: InputDescriptions): Violation[] {
  const arms = armsOf(spec)
  return [
    ...checkMixture(spec),
    ...checkClaims(spec),
    ...(isSweep(spec) ? [] : checkOptimizer(spec.optimizer, 'spec.optimizer', epochsOf(spec))),
    ...arms.flatMap(({ name, method }, i) => arms.findIndex(other => other.name === name) === i
      ? []
      : [{ path: `spec.methods[${spec.methods.indexOf(method)}].name`, rule: 'must be its own: another method has this name, or is the same', got: name }]),
    ...spec.methods.flatMap((method, i) => (method.type === 'gd' || method.type === 'sweep') && method.pairs.type === 'dense' && method.relaxation !== 'bilinear'
      ? [{ path: `spec.methods[${i}].relaxation`, rule: 'must be bilinear for a dense CRF', got: method.relaxation }]
      : []),
    ...(data === undefined ? [] : [...checkPictures(spec, data), ...(isSweep(spec) ? checkSwept(spec, data) : checkTrained(spec, data))])
  ]
}

/** The training pictures, whatever is done with them. */
function checkPictures (spec: SegmentationSpec, data: DatasetDescription): Violation[] {
  const { inputs, target, scribbles, extent } = data.fields as {
    inputs: FieldOf<'image'>, target: FieldOf<'classMap'>, scribbles?: FieldOf<'classMap'>, extent?: Field
  }
  const shape = shapeOf(spec, data)
  const [height, width, channels] = inputs.shape
  const at = 'spec.data'
  return [
    ...(inputs.dtype === 'uint8' && (channels === 1 || channels === 3) ? [] : [{ path: at, rule: 'must have pictures of bytes, grey or coloured', got: `${inputs.dtype}, ${channels} channels` }]),
    ...(target.shape.join() === `${height},${width}` ? [] : [{ path: at, rule: `must have masks of the pictures’ size, ${height} x ${width}`, got: target.shape.join(' x ') }]),
    ...(scribbles === undefined || scribbles.shape.join() === `${height},${width}` ? [] : [{ path: at, rule: `must have scribbles of the pictures’ size, ${height} x ${width}`, got: scribbles.shape.join(' x ') }]),
    ...(extent === undefined || isExtent(extent) ? [] : [{ path: at, rule: 'must have an extent of top, left, height, width', got: sayField(extent) }]),
    ...(shape.classes.length >= 2 ? [] : [{ path: at, rule: 'must have at least 2 classes', got: shape.classes.length }]),
    ...(shape.train >= 1 ? [] : [{ path: at, rule: 'must have training pictures', got: shape.train }]),
    ...limit('spec.trainExamples', spec.trainExamples, data.counts.train)
  ]
}

function checkTrained (spec: SegmentationSpec, data: DatasetDescription): Violation[] {
  const shape = shapeOf(spec, data)
  return [
    ...(shape.test >= 1 ? [] : [{ path: 'spec.data', rule: 'must have test pictures', got: shape.test }]),
    ...(spec.batchSize <= shape.train ? [] : [{ path: 'spec.batchSize', rule: `must be <= ${shape.train}, the number of training pictures`, got: spec.batchSize }]),
    ...limit('spec.testExamples', spec.testExamples, data.counts.test),
    ...spec.methods.flatMap((method, i) => checkScale(method, `spec.methods[${i}].pairs.scale`, data)),
    ...checkNetwork(spec, shape),
    ...checkCrop(spec, shape)
  ]
}

function checkNetwork ({ network }: SegmentationSpec, { inputShape, classes }: ReturnType<typeof shapeOf>): Violation[] {
  const [height, width] = inputShape as [number, number]
  if (network.type === 'dilated' && (height % 4 !== 0 || width % 4 !== 0)) {
    return [{ path: 'spec.network.type', rule: 'must be pixel or conv for pictures whose sides are no multiples of 4', got: network.type }]
  }
  try {
    outputShapes(architectureOf(network, inputShape, classes.length))
    return []
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return [{ path: 'spec.network', rule: `must fit pictures of shape [${inputShape}]: ${error.detail}`, got: network.type }]
  }
}

/** A window must lie in every picture, and be one that the network takes. */
function checkCrop ({ network, crop }: SegmentationSpec, { inputShape }: ReturnType<typeof shapeOf>): Violation[] {
  if (crop === undefined) return []
  const at = { path: 'spec.crop', got: crop.join(' x ') }
  const [height, width] = inputShape as [number, number]
  if (crop[0]! > height || crop[1]! > width) return [{ ...at, rule: `must be at most the pictures’ ${height} x ${width}` }]
  return network.type === 'dilated' && crop.some(side => side % 4 !== 0) ? [{ ...at, rule: 'must have sides that are multiples of 4 for a dilated network' }] : []
}

/** Blocks must tile every picture. */
function checkScale (method: Method, path: string, { fields }: DatasetDescription): Violation[] {
  if (!('pairs' in method) || method.pairs.type !== 'dense') return []
  const { scale } = method.pairs
  if (EXTENT in fields && scale !== 1) return [{ path, rule: 'must be 1 for pictures of several sizes', got: scale }]
  const sides = (fields.inputs as FieldOf<'image'>).shape.slice(0, 2)
  return sides.every(side => side % scale === 0) ? [] : [{ path, rule: `must divide the pictures’ sides, ${sides.join(' x ')}`, got: scale }]
}

function limit (path: string, value: number | undefined, most: number): Violation[] {
  return value === undefined || value <= most ? [] : [{ path, rule: `must be <= ${most}, the pictures of the data set`, got: value }]
}
