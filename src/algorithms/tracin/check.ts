/** What a spec that fits its schema still gets wrong, alone or with the data set it names. Pure. */
import type { DatasetDescription } from '../../datasets/dataset.js'
import { sayField } from '../../datasets/description.js'
import { describeLabelled } from '../../datasets/labelled.js'
import { AppError, type Violation } from '../../errors.js'
import { outputShapes } from '../../tensor/architecture.js'
import type { InputDescriptions } from '../contract.js'
import { checkOptimizer } from '../kit/descent.js'
import { architectureOf } from '../kit/network.js'
import { baselinesFor, type BaselineName } from './baselines/names.js'
import { isBaseline, type MethodName } from './methods.js'
import { checkEdits } from './retrain/check.js'
import type { TracinSpec } from './spec.js'

/** The least that frequencyProbe.examples can be: fewer say nothing of a spectrum. */
const minMeasured = 10

/** Lists the broken rules. */
export function check (spec: TracinSpec, { data: { data } }: InputDescriptions): Violation[] {
  return [
    ...checkEpochs(spec),
    ...checkOptimizer(spec.optimizer, 'spec.optimizer', spec.epochs),
    ...checkStart(spec),
    ...checkPredictions(spec),
    ...(data === undefined ? [] : checkData(spec, data))
  ]
}

function checkEpochs ({ checkpoints, epochs }: TracinSpec): Violation[] {
  if (checkpoints.type === 'every' && checkpoints.epochs > epochs) {
    return [{ path: 'spec.checkpoints.epochs', rule: `must be <= ${epochs}, the number of epochs: there would be no interval`, got: checkpoints.epochs }]
  }
  if (checkpoints.type !== 'explicit') return []
  return checkpoints.epochs.flatMap((epoch, i) => epoch <= epochs
    ? []
    : [{ path: `spec.checkpoints.epochs[${i}]`, rule: `must be <= ${epochs}, the number of epochs`, got: epoch }])
}

/** A prediction must be of something that the trials measure. */
function checkPredictions ({ predictions = [], labelNoise, selfInfluence, baselines: { methods } }: TracinSpec): Violation[] {
  const isMeasured = (name: MethodName) => name === 'random' || (isBaseline(name)
    ? methods?.includes(name as BaselineName) ?? true
    : selfInfluence.includes(name === 'tracin-last' ? 'last' : 'all'))
  const unmeasured = predictions.flatMap(({ method, over }, i) => ([['method', method], ['over', over]] as const).flatMap(([field, name]) =>
    name === undefined || isMeasured(name)
      ? []
      : [{ path: `spec.predictions[${i}].${field}`, rule: 'must be one of spec.selfInfluence (tracin-last, tracin-all), spec.baselines.methods or random', got: name }]))
  return labelNoise.kind === 'none' && predictions.length > 0
    ? [{ path: 'spec.predictions', rule: 'must be left out where labelNoise.kind is none: there is no wrong label to find', got: predictions.length }]
    : unmeasured
}

/** Baselines and predictions that speak of classes. */
function checkOfValues ({ baselines: { methods = [] }, predictions = [] }: TracinSpec): Violation[] {
  const rule = `must be ${[...baselinesFor('values'), 'random'].join(', ')} for a target of values`
  const isOfClasses = (name: MethodName | undefined) => name !== undefined && isBaseline(name) && !baselinesFor('values').includes(name as BaselineName)
  return [
    ...methods.flatMap((name, i) => isOfClasses(name) ? [{ path: `spec.baselines.methods[${i}]`, rule, got: name }] : []),
    ...predictions.flatMap(({ method, over }, i) => ([['method', method], ['over', over]] as const).flatMap(([field, name]) =>
      isOfClasses(name) ? [{ path: `spec.predictions[${i}].${field}`, rule, got: name }] : []))
  ]
}

function checkStart ({ optimizer: { type }, checkpoints: { at } }: TracinSpec): Violation[] {
  if (type !== 'adam' || at !== 'start') return []
  return [{ path: 'spec.checkpoints.at', rule: 'must be end or left out for adam, which has no second moments before its first step', got: at }]
}

function checkData (spec: TracinSpec, data: DatasetDescription): Violation[] {
  const described = describeLabelled(data, 'spec.data')
  const { inputs, target, trainCount, testCount } = described
  const violations: Violation[] = []
  const limit = (path: string, value: number | undefined, max: number, what: string) => {
    if (value === undefined || value <= max) return
    violations.push({ path, rule: `must be <= ${max}, the ${what} examples of the data set`, got: value })
  }
  limit('spec.trainExamples', spec.trainExamples, trainCount, 'training')
  limit('spec.testExamples', spec.testExamples, testCount, 'test')
  const tested = Math.min(spec.testExamples ?? testCount, testCount)
  spec.explain?.forEach((index, i) => {
    if (index >= tested) violations.push({ path: `spec.explain[${i}]`, rule: `must be < ${tested}, the number of test examples`, got: index })
  })
  if (target.type === 'classes' && target.names.length < 2) violations.push({ path: 'spec.data', rule: 'must have at least 2 classes', got: target.names.length })
  if (target.type === 'values') violations.push(...checkOfValues(spec))
  if (target.type === 'values' && spec.labelNoise.kind === 'hardest') {
    violations.push({ path: 'spec.labelNoise.kind', rule: 'must be auto, random or none for a target of values', got: 'hardest' })
  }
  if (spec.frequencyProbe !== undefined && (target.type === 'values' || inputs.type === 'tokens')) {
    violations.push({ path: 'spec.frequencyProbe', rule: 'must be left out: it measures classes of pictures and features', got: sayField(target.type === 'values' ? target : inputs) })
  }
  const used = Math.min(spec.trainExamples ?? trainCount, trainCount)
  if (spec.frequencyProbe !== undefined && used < minMeasured) {
    violations.push({ path: 'spec.frequencyProbe', rule: `must be left out for fewer than ${minMeasured} training examples`, got: used })
  }
  if (testCount < 1) violations.push({ path: 'spec.data', rule: 'must have test examples', got: testCount })
  try {
    outputShapes(architectureOf(spec.network, described))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const rule = `must fit inputs of shape [${inputs.shape}]: ${error.detail}`
    violations.push({ path: 'spec.network', rule, got: spec.network.type })
  }
  violations.push(...checkEdits(spec, described))
  return violations
}
