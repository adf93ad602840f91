/** What a spec with target data still gets wrong, and what its trials take. Pure, and without the tensor library. */
import { sizeOf } from '../../../math/arrays.js'
import { describeClasses } from '../../../datasets/classes.js'
import type { DatasetDescription } from '../../../datasets/dataset.js'
import { AppError, type Violation } from '../../../errors.js'
import { forwardFlops, planOf } from '../../../tensor/architecture.js'
import type { InputDescriptions } from '../../contract.js'
import { architectureOf } from '../../kit/network.js'
import { takeSlots } from '../../kit/slots.js'
import type { DataTarget } from './spec.js'
import type { OptimizerSpec, OptimizerType } from '../optimizer-spec.js'
import type { FrequencyPrincipleSpec } from '../spec.js'

/** sgd and adam go batch by batch, the others evaluate all examples at once in float32. */
const allowed: readonly OptimizerType[] = ['sgd', 'adam', 'gd', 'cg', 'lbfgs']

/** Operations of one evaluation with its gradient: about a second where TensorFlow does 32 GFLOP/s. */
const maxFlops = 32e9
/** Multiplications for the distances between all examples: two seconds. */
const maxProducts = 2e9
const minExamples = 16

/** Lists the broken rules. */
export function checkData (spec: FrequencyPrincipleSpec, { data: { data } }: InputDescriptions): Violation[] {
  if (spec.target.type !== 'data') return []
  const missing = spec.data === undefined ? [{ path: 'spec.data', rule: 'is required', got: null }] : []
  return [...missing, ...spec.optimizers.flatMap(checkOptimizer), ...(data === undefined ? [] : checkSize(spec, spec.target, data))]
}

function checkOptimizer (optimizer: OptimizerSpec, i: number): Violation[] {
  const { type } = optimizer
  if (!allowed.includes(type)) {
    const instead = type === 'bfgs' ? '; lbfgs does the same in less memory' : ''
    return [{ path: `spec.optimizers[${i}].type`, rule: `must be one of ${allowed.join(', ')} for target data${instead}`, got: type }]
  }
  if (!('hidden' in optimizer) || optimizer.hidden === undefined) return []
  return [{ path: `spec.optimizers[${i}].hidden`, rule: 'must be left out for target data, whose network is target.network', got: optimizer.hidden }]
}

function checkSize (spec: FrequencyPrincipleSpec, target: DataTarget, description: DatasetDescription): Violation[] {
  const described = describeClasses(description, 'spec.data')
  const { inputShape, classes, trainCount } = described
  if (classes < 2) return [{ path: 'spec.data', rule: 'must have at least 2 classes', got: classes }]
  if (trainCount < minExamples) return [{ path: 'spec.data', rule: `must have at least ${minExamples} training examples`, got: trainCount }]
  const count = Math.min(target.trainExamples, trainCount)
  const dimension = sizeOf(inputShape)
  const violations: Violation[] = []
  const tooMany = (max: number, why: string) => {
    violations.push({ path: 'spec.target.trainExamples', rule: `must be <= ${Math.floor(max)}: ${why}`, got: target.trainExamples })
  }
  if (target.methods.includes('filter') && count ** 2 / 2 * dimension > maxProducts) {
    tooMany(Math.sqrt(2 * maxProducts / dimension), `the filter compares all pairs of inputs of ${dimension} numbers`)
  }
  try {
    const architecture = architectureOf(target.network, described)
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
    violations.push({ path: 'spec.target.network', rule: `must fit inputs of shape [${inputShape}]: ${error.detail}`, got: target.network.type })
  }
  return violations
}

/** Whether an optimizer goes batch by batch. */
export function isBatched (type: OptimizerType): type is 'sgd' | 'adam' {
  return type === 'sgd' || type === 'adam'
}

/** Most iterations that an optimizer makes. @param count examples */
export function stepsOf (optimizer: OptimizerSpec, count: number, batchSize: number): number {
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
  return takeSlots('auto', architectureOf(network, described), isBatched(optimizers[0]!.type) ? Math.min(batchSize, count) : count)
}

/** How much work and memory a trial is. @param available training examples of its data */
export function estimateData (spec: FrequencyPrincipleSpec, available: number): { steps: number, bytes: number } {
  const { target } = spec
  if (target.type !== 'data') return { steps: 0, bytes: 0 }
  const count = Math.min(target.trainExamples, available)
  const kernels = target.methods.includes('filter') ? 8 * count ** 2 * (target.widths.length + 1) : 0
  return {
    steps: Math.max(...spec.optimizers.map(optimizer => stepsOf(optimizer, count, target.batchSize))),
    bytes: kernels + count * 16_384 // inputs as floats and doubles, outputs, activations of a chunk
  }
}
