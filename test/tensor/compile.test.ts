import assert from 'node:assert/strict'
import test from 'node:test'
import type { Scalar, Tensor, Tensor1D, Variable } from '@tensorflow/tfjs-core'
import { AppError } from '../../src/errors.js'
import { dropout } from '../../src/tensor/dropout.js'
import { gatherRows, toFloat } from '../../src/tensor/ops.js'
import { prepare } from '../../src/tensor/prepare.js'
import { interpret, type Step, type StepOptions } from '../../src/tensor/step.js'
import { openTestEngine } from './helpers.js'

const engine = await openTestEngine()
const { tf } = engine
const vector: StepOptions = { inputs: [{ type: 'float32', shape: [3] }], state: [] }

/** A variable whose initial tensor is not left behind. */
function makeVariable (values: number[]): Variable {
  return tf.tidy(() => tf.variable(tf.tensor1d(values)))
}

/** The cause that prepare() names when it refuses a step. */
function causeOf (step: Step, options = vector): string {
  const before = engine.tensorCount()
  try {
    prepare(engine, step, options).close()
  } catch (error) {
    assert.ok(error instanceof AppError)
    assert.equal(engine.tensorCount(), before, 'a refusal leaves nothing behind')
    return error.detail
  }
  throw new Error('it was not refused')
}

test('prepare: refuses a step that reads data', () => {
  assert.match(causeOf(([x]) => ({ outputs: [tf.scalar(tf.square(x!).dataSync()[0]!)] })), /reads data/)
  const table = tf.keep(tf.ones([4, 2]))
  assert.match(causeOf(([indices]) => ({ outputs: [tf.gather(table, indices as Tensor1D)] }), {
    inputs: [{ type: 'int32', shape: [2] }], state: [], resident: [table]
  }), /reads data/)
  table.dispose()
})

test('prepare: refuses random numbers of JavaScript', () => {
  assert.match(causeOf(([x]) => ({ outputs: [tf.dropout(x!, 0.5)] })), /constant of shape \[3\] differs/)
  assert.match(causeOf(([x]) => ({ outputs: [tf.mul(x!, Math.random())] })), /constant of shape \[\] differs/)
})

test('prepare: refuses a step whose ops change', () => {
  let runs = 0
  assert.match(causeOf(([x]) => ({ outputs: [runs++ % 2 ? tf.square(x!) : tf.exp(x!)] })), /different things/)
})

test('prepare: refuses a tensor from outside, used before or not', () => {
  const captured = tf.tensor1d([1, 2, 3])
  const step: Step = ([x]) => ({ outputs: [tf.mul(x!, captured)] })
  assert.match(causeOf(step), /uses a float32 \[3\] tensor/)
  tf.square(captured).dispose() // now it is uploaded
  assert.match(causeOf(step), /uses a float32 \[3\] tensor/)
  captured.dispose()
})

test('prepare: refuses a variable that is not in the state, or is made by the step', () => {
  const variable = makeVariable([1, 2, 3])
  assert.match(causeOf(([x]) => ({ outputs: [tf.mul(x!, variable)] })), /neither an input nor part of its state/)
  variable.dispose()
  const made: Tensor[] = []
  assert.throws(() => prepare(engine, ([x]) => {
    made.push(tf.variable(x!))
    return { outputs: [x!] }
  }, vector), /creates a variable/)
  tf.dispose(made)
})

test('run: refuses arrays of another length or type', () => {
  const step = prepare(engine, ([x]) => ({ outputs: [tf.square(x!)] }), vector)
  const invalid = (error: unknown) => error instanceof AppError && error.code === 'invalid_input'
  assert.throws(() => step.run([new Float32Array(4)]), invalid)
  assert.throws(() => step.run([new Int32Array(3)]), invalid)
  assert.throws(() => step.run([]), invalid)
  assert.deepEqual(step.run([Float32Array.of(1, 2, 3)]), [Float32Array.of(1, 4, 9)])
  step.close()
})

test('run: changes state by assign, and reads of the same run see the old value', () => {
  const total = makeVariable([1, 1, 1])
  const options = { ...vector, state: [total] }
  const step = prepare(engine, ([x]) => {
    const before = tf.mul(total, 1)
    total.assign(tf.add(total, x!))
    return { outputs: [before, tf.mul(total, 10)] }
  }, options)
  assert.deepEqual([...total.dataSync()], [1, 1, 1], 'tracing puts the state back')
  step.push()
  assert.deepEqual(step.run([Float32Array.of(1, 2, 3)]), [Float32Array.of(1, 1, 1), Float32Array.of(20, 30, 40)])
  assert.deepEqual(step.run([Float32Array.of(1, 0, 0)]), [Float32Array.of(2, 3, 4), Float32Array.of(30, 30, 40)])
  assert.deepEqual([...total.dataSync()], [1, 1, 1])
  step.pull()
  assert.deepEqual([...total.dataSync()], [3, 3, 4])
  step.close()
  total.dispose()
})

test('run: an assigned input is copied, so that the caller may use its array again', () => {
  const kept = makeVariable([0, 0, 0])
  const step = prepare(engine, ([x]) => {
    kept.assign(x! as Tensor1D)
    return { outputs: [tf.sum(x!)] }
  }, { ...vector, state: [kept] })
  step.push()
  const values = Float32Array.of(1, 2, 3)
  step.run([values])
  values.fill(9)
  step.pull()
  assert.deepEqual([...kept.dataSync()], [1, 2, 3])
  step.close()
  kept.dispose()
})

test('run: uint8 inputs and residents are read as they are', () => {
  const table = tf.tensor2d([[1, 2], [3, 4], [5, 6]])
  const step = prepare(engine, ([indices, bytes]) => ({
    outputs: [tf.add(gatherRows(engine, table, indices as Tensor1D), toFloat(engine, bytes!))]
  }), {
    inputs: [{ type: 'int32', shape: [2] }, { type: 'uint8', shape: [2, 2] }], state: [], resident: [table]
  })
  assert.deepEqual(step.run([Int32Array.of(2, 0), Uint8Array.of(200, 0, 0, 255)]), [Float32Array.of(205, 6, 1, 257)])
  step.close()
  table.dispose()
})

test('dropout: a compiled step draws anew with every key, and as the eager one', () => {
  const step: Step = ([x, key]) => ({ outputs: [dropout(engine, x!, 0.3, key as Tensor1D)] })
  const options: StepOptions = { inputs: [{ type: 'float32', shape: [1000] }, { type: 'int32', shape: [2] }], state: [] }
  const compiled = prepare(engine, step, options)
  const eager = interpret(engine, step, options)
  const ones = new Float32Array(1000).fill(1)
  const [first] = compiled.run([ones, Int32Array.of(5, 0)])
  const [second] = compiled.run([ones, Int32Array.of(5, 1)])
  assert.notDeepEqual(first, second)
  assert.deepEqual([first], eager.run([ones, Int32Array.of(5, 0)]))
  assert.deepEqual([...new Set(first)].sort(), [0, Math.fround(1 / 0.7)])
  const kept = first!.filter(value => value > 0).length
  assert.ok(Math.abs(kept - 700) < 75) // 5 deviations of a binomial with n 1000, p 0.7: 14.5 each
  compiled.close()
})

test('run: tensor ops that leave types to be inferred compile too', () => {
  const step = prepare(engine, ([x]) => ({ outputs: [tf.expandDims(x!), tf.mean(x!) as Scalar] }), vector)
  assert.deepEqual(step.run([Float32Array.of(1, 2, 3)]), [Float32Array.of(1, 2, 3), Float32Array.of(2)])
  step.close()
})

test('close: 10,000 runs leave nothing behind', () => {
  const before = engine.tensorCount()
  const total = makeVariable([0, 0, 0])
  const step = prepare(engine, ([x]) => {
    total.assign(tf.add(total, x!))
    return { outputs: [tf.sum(total)] }
  }, { ...vector, state: [total] })
  step.push()
  const running = engine.tensorCount()
  for (let i = 0; i < 10_000; i++) step.run([Float32Array.of(1, 0, 0)])
  step.pull()
  assert.equal(engine.tensorCount(), running)
  assert.deepEqual([...total.dataSync()], [10_000, 0, 0])
  step.close()
  total.dispose()
  assert.equal(engine.tensorCount(), before)
})
