/** What binds an executor to its device, and what a lane says whose device is not to be had. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import type { Gpu } from '../../src/gpus.mjs'
import { describeDevice, describeHardware, explainMissingGpu, findGpu } from '../../src/jobs/devices.js'
import { environment } from '../../src/jobs/executor-process.js'
import { lockGpu } from '../../src/jobs/gpu-lock.js'
import { openKernelCache } from '../../src/jobs/kernel-cache.js'
import type { ExecutorSettings } from '../../src/jobs/messages.js'
import { sessionConfig } from '../../src/tensor/session-config.js'
import { temporaryFolder } from '../helpers/folder.js'

const card: Gpu = { index: 1, uuid: 'GPU-1', name: 'NVIDIA H100 80GB HBM3', driver: '550.54.15', computeCapability: '9.0', memoryBytes: 81559 * 2 ** 20 }
const words = 'NVIDIA H100 80GB HBM3 (driver 550.54.15, compute capability 9.0, 81559 MiB)'

for (const [title, gpu, engine, reason] of [
  ['no card', undefined, { backend: 'tensorflow', device: 'cpu', flavour: 'cpu' }, /^LANES asks for gpu:1, but this machine shows no such NVIDIA GPU: install .*LANES=cpu:N/],
  ['no TensorFlow', card, { backend: 'wasm', device: 'cpu', flavour: 'cpu', fallback: 'no binding. \nPlease run command' }, /TensorFlow could not be loaded \(no binding\): set it up with npm start/],
  ['TensorFlow for CPUs', card, { backend: 'tensorflow', device: 'cpu', flavour: 'cpu' }, /which is NVIDIA H100 80GB HBM3 \(driver 550\.54\.15, .*set TENSORFLOW_FLAVOUR=cuda and run npm start once/],
  ['an old driver', card, { backend: 'tensorflow', device: 'cpu', flavour: 'cuda' }, /TensorFlow cannot use it: it needs driver 525 or newer/]
] as const) {
  test(`explainMissingGpu: ${title} is one sentence with what was asked, found, and to be done`, () => {
    const sentence = explainMissingGpu('gpu:1', gpu, engine)!
    assert.match(sentence, reason)
    assert.doesNotMatch(sentence, /\n/)
  })
}

test('explainMissingGpu: has nothing to say where the device is there', () => {
  assert.equal(explainMissingGpu('gpu:1', card, { backend: 'tensorflow', device: 'gpu', flavour: 'cuda' }), undefined)
  assert.equal(explainMissingGpu('cpu', undefined, { backend: 'wasm', device: 'cpu', flavour: 'cpu' }), undefined)
})

test('describeHardware and describeDevice tell the real card; equal cards are equal whichever lane they are', () => {
  assert.equal(findGpu('gpu:1', [card]), card)
  assert.equal(findGpu('gpu:0', [card]), undefined)
  assert.deepEqual(describeHardware('gpu:1', card), { name: card.name, driver: card.driver, computeCapability: '9.0', memoryBytes: card.memoryBytes })
  assert.equal(describeDevice('gpu:1', card), words)
  assert.equal(describeDevice('gpu:0', { ...card, index: 0, uuid: 'GPU-0' }), words)
  assert.deepEqual([describeDevice('cpu', undefined), describeDevice('gpu:0', undefined)], ['cpu', 'gpu'])
})

const settings: ExecutorSettings = {
  type: 'open',
  databaseUrl: '',
  blobStore: '',
  nodeId: '',
  laneId: '',
  device: 'gpu:1',
  gpu: card,
  gpuMemoryPercent: 50,
  kernelCache: '/cache/cuda',
  slots: 1,
  threads: 1,
  isFirst: true,
  backend: 'auto',
  snapshotSeconds: 15,
  leaseSeconds: 30,
  hungSeconds: 600
}

test('environment binds an executor to its card as nvidia-smi counts, lets memory grow within the bound, keeps kernels', () => {
  const gpu = environment(settings)
  assert.deepEqual([gpu.CUDA_VISIBLE_DEVICES, gpu.CUDA_DEVICE_ORDER, gpu.TF_FORCE_GPU_ALLOW_GROWTH], ['1', 'PCI_BUS_ID', 'true'])
  assert.equal(gpu.TF_DETERMINISTIC_OPS, '1')
  assert.deepEqual([gpu.CUDA_CACHE_PATH, gpu.CUDA_CACHE_MAXSIZE], ['/cache/cuda', '4294967296'])
  assert.equal(gpu.DESCENT_LAB_TENSORFLOW_CONFIG, sessionConfig(50))
  const cpu = environment({ ...settings, device: 'cpu' })
  assert.deepEqual([cpu.CUDA_VISIBLE_DEVICES, cpu.CUDA_CACHE_PATH, cpu.DESCENT_LAB_TENSORFLOW_CONFIG], ['-1', undefined, undefined])
})

test('environment: with one thread operations run in the thread that asks, for a pool of one makes trials side by side take turns', () => {
  const poolOf = (device: string, threads: number) => environment({ ...settings, device, threads }).TF_NUM_INTEROP_THREADS
  assert.deepEqual([poolOf('cpu', 1), poolOf('cpu', 2), poolOf('gpu:0', 1)], ['-1', '2', '1'])
})

test('lockGpu gives a card to one at a time, until it is released', { skip: process.platform !== 'linux' }, async () => {
  const uuid = `GPU-test-${process.pid}`
  const first = await lockGpu(uuid)
  assert.equal(await lockGpu(uuid), undefined)
  first!.release()
  const second = await lockGpu(uuid)
  assert.ok(second)
  second.release()
})

test('openKernelCache makes the folder, says that the first start takes longer, and what is wrong where it cannot', () => {
  const root = temporaryFolder()
  const said: string[] = []
  const say = (line: string): void => { said.push(line) }
  const folder = path.join(root, 'cuda')
  assert.deepEqual(openKernelCache(root, say), { folder, isNew: true })
  assert.ok(existsSync(folder))
  assert.match(said.join(), /the first start takes longer/)
  mkdirSync(path.join(folder, 'a'))
  assert.deepEqual(openKernelCache(root, say), { folder, isNew: false })
  assert.equal(said.length, 1)
  writeFileSync(path.join(root, 'file'), '')
  assert.equal(openKernelCache(path.join(root, 'file'), say), undefined)
  assert.match(said[1]!, /cannot be kept in .*set CACHE_DIR or CUDA_CACHE_PATH to a folder that can be written/)
})
