/** One of several classes: outputs are logits, targets int32 [n], 0 .. classes - 1. */
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { Type } from 'typebox'
import { closed } from '../layers/layer.js'
import { crossEntropy } from '../ops.js'
import { checkLinear, defineHead } from './head.js'

export const classes = defineHead({
  schema: Type.Object({ type: Type.Literal('classes', { description: 'Softmax cross-entropy over classes' }) }, closed),
  check: last => checkLinear(last, 'the logits'),
  losses: (_, engine, outputs, targets) => crossEntropy(engine, outputs as Tensor2D, targets as Tensor1D),
  hasLastFactors: true
})
