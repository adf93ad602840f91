/** One of several classes: outputs are logits, targets one integer of every example, 0 .. classes - 1. */
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { Type } from '../../schema/type.js'
import { closed } from '../layers/layer.js'
import { crossEntropy, roundedCrossEntropy } from '../ops.js'
import { checkLinear, defineHead } from './head.js'
import { maxProbable, softmaxRows } from './rows.js'

export const classes = defineHead({
  schema: Type.Object({ type: Type.Literal('classes', { description: 'Softmax cross-entropy over classes' }) }, closed),
  check: last => checkLinear(last, 'the logits'),
  losses: (_, engine, outputs, targets) => crossEntropy(engine, outputs as Tensor2D, targets as Tensor1D),
  batchLosses: (_, engine, outputs, targets) => roundedCrossEntropy(engine, outputs as Tensor2D, targets as Tensor1D),
  predict: (outputs, [classes]) => maxProbable(outputs, classes!),
  probabilities: (outputs, [classes]) => softmaxRows(outputs, classes!),
  targetSize: () => 1,
  findMisfit: (field, [classes]) => field.type === 'classes' && field.names.length <= classes! ? undefined : `classes (at most ${classes})`,
  hasLastFactors: true
})
