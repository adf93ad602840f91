/**
 * The ops that tfjs has too slow, or in a form that cannot be compiled. Each is differentiable where that makes sense,
 * runs on both backends with the same results to float32 accuracy, and reads no data on TensorFlow.
 */
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { Engine } from './engine.js'
import { attributes, executeOp, typeOf, type Native } from './native.js'

/** max(x, 0). Its gradient is one kernel (tfjs itself takes three and four times the memory). A new tensor. */
export function relu<T extends Tensor> ({ tf, native }: Engine, x: T): T {
  const apply = tf.customGrad((input, save) => {
    const y = tf.relu(input as T)
    ;(save as (tensors: Tensor[]) => void)([y])
    return {
      value: y,
      gradFunc: (dy: Tensor, saved: Tensor[]) => native ? reluGradient(native, dy, saved[0]!) : tf.mul(dy, tf.step(saved[0]!))
    }
  })
  return apply(x) as T
}

function reluGradient (native: Native, dy: Tensor, y: Tensor): Tensor {
  return executeOp(native, 'ReluGrad', [attributes(native).type('T', native.binding.TF_FLOAT)], [dy, y])[0]!
}

/**
 * Softmax cross-entropy of every example: -log softmax(z)[label]. Loss and gradient keep float32's digits however sure
 * the network is: softmax(z)[label] - 1 would have none left where the probability rounds to 1, at logits 17 apart, and
 * TracIn multiplies such differences. What is below float32's least number, 1.2e-38, is 0: at logits 87 apart.
 * @param logits  z, [n, classes]
 * @param labels  int32 [n], 0 .. classes - 1; not differentiated
 * @returns       [n], a new tensor
 */
export function crossEntropy (engine: Engine, logits: Tensor2D, labels: Tensor1D): Tensor1D {
  return withDeltas(engine, logits, z => sharpLossesAndDeltas(engine, z, labels))
}

/**
 * The same in one kernel, for steps of training: every loss and every derivative is off by some 6e-8, a rounding of 1.
 * In the mean over a batch that drowns in the rounding of the others', and a step moves by 6e-8 of its rate at most.
 */
export function roundedCrossEntropy (engine: Engine, logits: Tensor2D, labels: Tensor1D): Tensor1D {
  return withDeltas(engine, logits, z => lossesAndDeltas(engine, z, labels))
}

function withDeltas ({ tf }: Engine, logits: Tensor2D, compute: (z: Tensor2D) => [Tensor1D, Tensor2D]): Tensor1D {
  const apply = tf.customGrad((z, save) => {
    const [losses, deltas] = compute(z as Tensor2D)
    ;(save as (tensors: Tensor[]) => void)([deltas])
    return {
      value: losses,
      gradFunc: (dy: Tensor, saved: Tensor[]) => tf.mul(saved[0]!, tf.expandDims(dy, 1))
    }
  })
  return apply(logits) as Tensor1D
}

/**
 * Probabilities of the other classes have all their digits, and q, their sum, is 1 - softmax(z)[label]: so the label's
 * delta is -q, and its loss -log(1 - q) as long as q is no rounding of 1.
 */
function sharpLossesAndDeltas (engine: Engine, logits: Tensor2D, labels: Tensor1D): [Tensor1D, Tensor2D] {
  const { tf } = engine
  return tf.tidy(() => {
    const [rounded, deltas] = lossesAndDeltas(engine, logits, labels)
    const truth = tf.oneHot(labels, logits.shape[1])
    const others: Tensor2D = tf.sub(deltas, tf.mul(deltas, truth)) // what is no number stays none
    const q: Tensor2D = tf.sum(others, 1, true) // [n, 1]
    const sharp = tf.neg(tf.log1p(tf.neg(tf.squeeze(q, [1]))))
    return [tf.where(tf.less(rounded, Math.LN2), sharp, rounded), tf.sub(others, tf.mul(truth, q))] as [Tensor1D, Tensor2D]
  })
}

/**
 * Losses of roundedCrossEntropy and their derivative by the logits, softmax(z) - onehot(label), in one kernel.
 * @returns [[n], [n, classes]], new tensors
 */
function lossesAndDeltas ({ tf, native }: Engine, logits: Tensor2D, labels: Tensor1D): [Tensor1D, Tensor2D] {
  if (native) {
    const { type } = attributes(native)
    const { TF_FLOAT, TF_INT32 } = native.binding
    return executeOp(native, 'SparseSoftmaxCrossEntropyWithLogits',
      [type('T', TF_FLOAT), type('Tlabels', TF_INT32)], [logits, labels], 2) as [Tensor1D, Tensor2D]
  }
  return tf.tidy(() => {
    const truth = tf.oneHot(labels, logits.shape[1])
    const shifted = tf.sub(logits, tf.max(logits, 1, true))
    const powers = tf.exp(shifted)
    const sums = tf.sum(powers, 1, true)
    const losses = tf.sub(tf.log(tf.squeeze(sums, [1])), tf.sum(tf.mul(shifted, truth), 1))
    return [losses, tf.sub(tf.div(powers, sums), truth)] as [Tensor1D, Tensor2D]
  })
}

/**
 * Rows of a table. Not differentiated. tf.gather does the same but reads its indices, which a compiled step cannot.
 * @param table    [rows, ...]; any element type
 * @param indices  int32 [n], 0 .. rows - 1
 * @returns        [n, ...], a new tensor of the table's type
 */
export function gatherRows ({ tf, native }: Engine, table: Tensor, indices: Tensor1D): Tensor {
  if (!native) return tf.gather(table, indices)
  const { type, int } = attributes(native)
  const { TF_INT32 } = native.binding
  return tf.tidy(() => executeOp(native, 'GatherV2', [
    type('Tparams', typeOf(native, table)), type('Tindices', TF_INT32), type('Taxis', TF_INT32), int('batch_dims', 0)
  ], [table, indices, tf.scalar(0, 'int32')])[0]!)
}

/** The same numbers as int32, also from uint8. A new tensor. */
export function toInt (engine: Engine, x: Tensor): Tensor {
  return convert(engine, x, 'int32')
}

/** The same numbers as float32, also from uint8, which tfjs itself does not know. A new tensor. */
export function toFloat (engine: Engine, x: Tensor): Tensor {
  return convert(engine, x, 'float32')
}

function convert ({ tf, native }: Engine, x: Tensor, to: 'float32' | 'int32'): Tensor {
  if (!native) return tf.cast(x, to)
  const { type } = attributes(native)
  const { TF_FLOAT, TF_INT32 } = native.binding
  return executeOp(native, 'Cast', [type('SrcT', typeOf(native, x)), type('DstT', to === 'int32' ? TF_INT32 : TF_FLOAT)], [x])[0]!
}
