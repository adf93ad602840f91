/** TensorFlow's memory: what it says when there is too little, and the bound that its contexts and sessions open with. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'
import { toFailure } from '../../src/errors.js'
import { sessionConfig } from '../../src/tensor/session-config.js'
import { warmUpSteps } from '../../src/tensor/warm-up.js'
import { openTestEngine } from './helpers.js'

const engine = await openTestEngine()
const { tf } = engine

test('toFailure: what TensorFlow says when memory does not suffice is out_of_memory, with what could not be allocated', () => {
  const tooLarge = (): unknown => tf.tidy(() => tf.matMul(tf.ones([2 ** 20, 1]), tf.ones([1, 2 ** 20]))) // 4 TB
  assert.throws(tooLarge, (error: Error) => {
    const { code, message } = toFailure(error)
    assert.equal(code, 'out_of_memory')
    // mklcpu on processors for which TensorFlow takes oneDNN's kernels, cpu on others
    assert.match(message, /^OOM when allocating tensor with shape\[1048576,1048576\] and type float on \/job:localhost\/replica:0\/task:0\/device:CPU:0 by allocator (mkl)?cpu$/)
    return true
  })
  assert.equal(tf.tidy(() => tf.sum(tf.matMul(tf.ones([2, 2]), tf.ones([2, 2]))).dataSync()[0]), 8, 'the engine goes on')
})

test('toFailure: other memory than TensorFlow’s, and other errors of TensorFlow', () => {
  assert.equal(toFailure(new Error('Session fail to run with error: OOM when allocating tensor with shape[5]')).message, 'OOM when allocating tensor with shape[5]')
  assert.equal(toFailure(new RangeError('Array buffer allocation failed')).code, 'out_of_memory')
  assert.equal(toFailure(new Error('INTERNAL: failed to allocate: CUDA_ERROR_OUT_OF_MEMORY: out of memory')).code, 'out_of_memory')
  assert.equal(toFailure(new Error('Invalid TF_Status: 3\nMessage: x'), 'internal').code, 'internal')
})

test('sessionConfig is a ConfigProto whose gpu_options (6) have per_process_gpu_memory_fraction (1), a double', () => {
  assert.equal(sessionConfig(50), '320909000000000000e03f') // field 6, 9 bytes; field 1, the double 0.5
  assert.equal(sessionConfig(100), '')
})

test('the binding opens its context with the ConfigProto of its environment', () => {
  const open = (config: string): string => {
    const code = `
      const { openEngine } = await import(${JSON.stringify(new URL('../../src/tensor/open-engine.js', import.meta.url).href)})
      console.log((await openEngine({ backend: 'tensorflow', threads: 1 })).device)`
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
      encoding: 'utf8', env: { ...process.env, CUDA_VISIBLE_DEVICES: '-1', TF_NUM_INTRAOP_THREADS: '1', DESCENT_LAB_TENSORFLOW_CONFIG: config }
    })
    return stdout + stderr
  }
  assert.match(open(sessionConfig(50)), /^cpu/)
  assert.match(open('3209'), /Unparseable ConfigProto/, 'a message that ends too early')
})

test('warmUpSteps: each trains and evaluates, and leaves nothing', () => {
  for (const { run } of warmUpSteps) run(engine)
  const before = engine.tensorCount()
  for (const { name, run } of warmUpSteps) {
    run(engine)
    assert.equal(engine.tensorCount(), before, name)
  }
})
