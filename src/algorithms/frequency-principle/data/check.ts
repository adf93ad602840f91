/** What a spec with target data still gets wrong, and what its trials take. Pure, and without the tensor library. */
import { sizeOf } from '../../../math/arrays.js'
import { describeClasses } from '../../../datasets/classes.js'
import type { DatasetDescription } from '../../../datasets/dataset.js'
import { AppError, type Violation } from '../../../errors.js'
import { maxPrincipalSide } from '../../../math/principal-components.js'
import { forwardFlops, planOf, type Architecture } from '../../../tensor/architecture.js'
import { classifierNetOf } from '../../../tensor/float64/classifier.js'
import type { InputDescriptions } from '../../contract.js'
import { architectureOf } from '../../kit/network.js'
import { takeSlots } from '../../kit/slots.js'
import { bytesOf, checkWork } from '../work.js'
import { describeInputs } from './inputs.js'
import { classifierSize } from './size.js'
import type { DataTarget } from './spec.js'
import type { OptimizerSpec, OptimizerType } from '../optimizer-spec.js'
import type { FrequencyPrincipleSpec } from '../spec.js'

/** In float32 sgd and adam go batch by batch, all others evaluate all examples at once. */
const allowed: Record<DataTarget['precision'], readonly OptimizerType[]> = {
  float32: ['sgd', 'adam', 'gd', 'cg', 'lbfgs'],
  float64: ['gd', 'adam', 'cg', 'bfgs', 'lbfgs', 'powell', 'pso']
}

/** Operations of one evaluation with its gradient: about a second where TensorFlow does 32 GFLOP/s. */
const maxFlops = 32e9
/** Multiplications for the distances between all examples: two seconds. */
const maxProducts = 2e9
const minExamples = 16

/** Lists the broken rules. */
export function checkData (spec: FrequencyPrincipleSpec, { data: { data } }: InputDescriptions): Violation[] {
  const { target, optimizers } = spec
  if (target.type !== 'data') return []
  const missing = spec.data === undefined ? [{ path: 'spec.data', rule: 'is required', got: null }] : []
  const wrong = optimizers.flatMap((optimizer, i) => checkOptimizer(optimizer, target.precision, `spec.optimizers[${i}]`))
  const sized = data === undefined ? [] : checkSize(spec, target, data)
  return [...missing, ...wrong, ...sized]
}

function checkOptimizer (optimizer: OptimizerSpec, precision: DataTarget['precision'], path: string): Violation[] {
  const { type } = optimizer
  if (!allowed[precision].includes(type)) {
    const instead = precision === 'float32' && allowed.float64.includes(type) ? '; target.precision float64 has it, for small networks' : ''
    return [{ path: `${path}.type`, rule: `must be one of ${allowed[precision].join(', ')} for target data in ${precision}${instead}`, got: type }]
  }
  const refuse = (field: 'hidden' | 'epochs', rule: string): Violation[] =>
    field in optimizer ? [{ path: `${path}.${field}`, rule, got: optimizer[field as keyof OptimizerSpec] }] : []
  return [
    ...refuse('hidden', 'must be left out for target data, whose network is target.network'),
    ...(precision === 'float32' ? [] : refuse('epochs', 'must be left out in float64, where steps take all examples at once'))
  ]
}

function checkSize (spec: FrequencyPrincipleSpec, target: DataTarget, description: DatasetDescription): Violation[] {
  const described = describeClasses(description, 'spec.data')
  const { inputShape, classes, trainCount } = described
  if (classes < 2) return [{ path: 'spec.data', rule: 'must have at least 2 classes', got: classes }]
  if (trainCount < minExamples) return [{ path: 'spec.data', rule: `must have at least ${minExamples} training examples`, got: trainCount }]
  const count = Math.min(target.trainExamples, trainCount)
  const violations: Violation[] = []
  const tooMany = (max: number, why: string) => {
    violations.push({ path: 'spec.target.trainExamples', rule: `must be <= ${Math.floor(max)}: ${why}`, got: target.trainExamples })
  }
  violations.push(...checkComponents(target, sizeOf(inputShape), count))
  const seen = describeInputs(target, described)
  const dimension = sizeOf(seen.inputs.shape)
  if (target.methods.includes('filter') && count ** 2 / 2 * dimension > maxProducts) {
    tooMany(Math.sqrt(2 * maxProducts / dimension), `the filter compares all pairs of inputs of ${dimension} numbers`)
  }
  try {
    const architecture = architectureOf(target.network, seen)
    if (target.precision === 'float64') return [...violations, ...checkFloat64(spec, architecture, count)]
    const perExample = 3 * forwardFlops(architecture)
    const isFullBatch = spec.optimizers.some(({ type }) => !isBatched(type))
    const batchwise = planOf(architecture).find(({ kind }) => kind.inTraining)
    if (isFullBatch && batchwise) {
      const rule = `must compute the same in training and evaluation for an optimizer of all examples at once, not from ${batchwise.kind.inTraining}`
      violations.push({ path: 'spec.target.network', rule, got: batchwise.layer.type })
    }
    if (isFullBatch && count * perExample > maxFlops) {
      tooMany(maxFlops / perExample, `one evaluation of a full-batch optimizer takes ${(count * perExample / 1e9).toFixed(0)} GFLOP`)
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    violations.push({ path: 'spec.target.network', rule: `must fit inputs of shape [${seen.inputs.shape}]: ${error.detail}`, got: target.network.type })
  }
  return violations
}

/** A projection can be folded into a dense layer alone, and components be found of few numbers or few examples. */
function checkComponents ({ components, network, trainExamples }: DataTarget, dimension: number, count: number): Violation[] {
  if (components === undefined) return []
  const most = Math.min(dimension, count - 1)
  return [
    ...(network.type === 'cnn' || network.type === 'embedding'
      ? [{ path: 'spec.target.network', rule: 'must be auto, softmax or mlp on components, which are no picture', got: network.type }]
      : []),
    ...(components > most
      ? [{ path: 'spec.target.components', rule: `must be <= ${most}: ${count} examples of ${dimension} numbers have no more`, got: components }]
      : []),
    ...(Math.min(dimension, count) > maxPrincipalSide
      ? [{ path: 'spec.target.trainExamples', rule: `must be <= ${maxPrincipalSide}: components of ${dimension} numbers are found of so many examples`, got: trainExamples }]
      : [])
  ]
}

/** @throws AppError invalid_spec when the network is none of dense layers */
function checkFloat64 ({ optimizers }: FrequencyPrincipleSpec, architecture: Architecture, count: number): Violation[] {
  classifierNetOf(architecture)
  const size = classifierSize(architecture, count)
  return optimizers.flatMap((optimizer, i) => checkWork(optimizer, size, `spec.optimizers[${i}]`))
}

/** Whether an optimizer goes batch by batch. */
export function isBatched (type: OptimizerType): type is 'sgd' | 'adam' {
  return type === 'sgd' || type === 'adam'
}

/** Most iterations that an optimizer makes. @param count examples, where it may go by epochs */
export function stepsOf (optimizer: OptimizerSpec, count = 1, batchSize = 1): number {
  const epochs = 'epochs' in optimizer ? optimizer.epochs : undefined
  if (epochs !== undefined) return epochs * Math.ceil(count / batchSize)
  return 'steps' in optimizer ? optimizer.steps : 0 // sgd always has epochs
}

/** What a trial takes of its lane: by its network, and the examples of one evaluation of loss and gradient. */
export function takeDataSlots (
  { target, optimizers }: FrequencyPrincipleSpec, description: DatasetDescription
): ReturnType<typeof takeSlots> {
  const { network, trainExamples, batchSize } = target as DataTarget
  const described = describeClasses(description, 'spec.data')
  const count = Math.min(trainExamples, described.trainCount)
  return takeSlots('auto', architectureOf(network, describeInputs(target as DataTarget, described)), isBatched(optimizers[0]!.type) ? Math.min(batchSize, count) : count)
}

/** How much work and memory a trial is. */
export function estimateData (spec: FrequencyPrincipleSpec, description: DatasetDescription): { steps: number, bytes: number } {
  const { target } = spec
  if (target.type !== 'data') return { steps: 0, bytes: 0 }
  const described = describeClasses(description, 'spec.data')
  const count = Math.min(target.trainExamples, described.trainCount)
  const kernels = target.methods.includes('filter') ? 8 * count ** 2 * (target.widths.length + 1) : 0
  const size = classifierSize(architectureOf(target.network, describeInputs(target, described)), count)
  const own = target.precision === 'float64' ? spec.optimizers.map(optimizer => bytesOf(optimizer, size)) : [0]
  return {
    steps: Math.max(...spec.optimizers.map(optimizer => stepsOf(optimizer, count, target.batchSize))),
    bytes: kernels + Math.max(...own) + count * 16_384 // inputs as floats and doubles, outputs, activations of a chunk
  }
}
