import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { describeGpu, findGpus, parseQuery } from '../src/gpus.mjs'
import { projectRoot } from '../src/paths.js'
import { temporaryFolder } from './helpers/folder.js'

const fixture = readFileSync(path.join(projectRoot, 'test', 'fixtures', 'nvidia-smi.csv'), 'utf8')
const linux = { skip: process.platform !== 'linux' }

/** A PATH with an nvidia-smi that is the given shell script. */
function withTool (script: string): string {
  const folder = temporaryFolder()
  writeFileSync(path.join(folder, 'nvidia-smi'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return folder
}

function write (root: string, name: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
  writeFileSync(path.join(root, name), text)
}

test('parseQuery reads every card of nvidia-smi’s table, and what a card does not tell as null', () => {
  const [volta, ada, grace] = parseQuery(fixture)
  assert.deepEqual(volta, {
    index: 0, uuid: 'GPU-b5169cef-2205-c30e-f2b3-220cfa14bafd', name: 'NVIDIA TITAN V', driver: '570.86.15', computeCapability: '7.0', memoryBytes: 12288 * 2 ** 20
  })
  assert.deepEqual([ada!.index, ada!.name, ada!.computeCapability], [1, 'NVIDIA RTX 5880 Ada Generation', '8.9'])
  assert.deepEqual([grace!.name, grace!.computeCapability, grace!.memoryBytes], ['NVIDIA GB10', '12.1', null])
  assert.deepEqual(parseQuery(''), [])
})

test('describeGpu says name, driver, compute capability and memory, and leaves out what is not known', () => {
  const [volta, , grace] = parseQuery(fixture)
  assert.equal(describeGpu(volta!), 'NVIDIA TITAN V (driver 570.86.15, compute capability 7.0, 12288 MiB)')
  assert.equal(describeGpu({ ...grace!, computeCapability: null }), 'NVIDIA GB10 (driver 580.95.05)')
})

test('findGpus asks nvidia-smi, and again without the compute capability where the driver does not know the word', linux, () => {
  const whole = withTool(`cat <<'END'\n${fixture}END`)
  assert.deepEqual(findGpus({ PATH: `${whole}:/bin:/usr/bin` }).map(({ index }) => index), [0, 1, 2])
  const old = withTool('case "$1" in *compute_cap*) echo \'Field "compute_cap" is not a valid field to query.\'; exit 2;; esac; echo "0, GPU-1, Tesla T4, 470.182.03, 15109"')
  assert.deepEqual(findGpus({ PATH: old }), [{ index: 0, uuid: 'GPU-1', name: 'Tesla T4', driver: '470.182.03', computeCapability: null, memoryBytes: 15109 * 2 ** 20 }])
})

test('findGpus leaves the cards that CUDA_VISIBLE_DEVICES names, up to the first that is none', linux, () => {
  const PATH = `${withTool(`cat <<'END'\n${fixture}END`)}:/bin:/usr/bin`
  const seen = (list: string): number[] => findGpus({ PATH, CUDA_VISIBLE_DEVICES: list }).map(({ index }) => index)
  assert.deepEqual([seen('2,0'), seen('1,-1,0'), seen('0,7,1'), seen(''), seen('GPU-b5169cef')], [[2, 0], [1], [0], [], [0]])
})

test('findGpus reads the driver’s files where there is no nvidia-smi, or it fails, if the device files are there, too', linux, () => {
  const root = temporaryFolder()
  const broken = withTool('echo "Failed to initialize NVML: Driver/library version mismatch"; exit 18')
  const look = (PATH: string) => findGpus({ PATH }, root)
  assert.deepEqual(look(temporaryFolder()), [])
  write(root, 'proc/driver/nvidia/version', 'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  550.54.15  Release Build  (dvs-builder@U16)\nGCC version: 12\n')
  write(root, 'proc/driver/nvidia/gpus/0000:81:00.0/information', 'Model: \t\t NVIDIA H100 80GB HBM3\nIRQ:   \t\t 120\nGPU UUID: \t GPU-2\n')
  write(root, 'proc/driver/nvidia/gpus/0000:01:00.0/information', 'Model: \t\t NVIDIA A100-SXM4-40GB\nIRQ:   \t\t 119\nGPU UUID: \t GPU-1\n')
  assert.deepEqual(look(broken), [], 'a container sees the host’s /proc without having its cards')
  write(root, 'dev/nvidiactl', '')
  const unknown = { driver: '550.54.15', computeCapability: null, memoryBytes: null }
  const cards = [{ index: 0, uuid: 'GPU-1', name: 'NVIDIA A100-SXM4-40GB', ...unknown }, { index: 1, uuid: 'GPU-2', name: 'NVIDIA H100 80GB HBM3', ...unknown }]
  assert.deepEqual([look(broken), look(temporaryFolder())], [cards, cards])
  write(root, 'proc/driver/nvidia/version', 'NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.129.03  Thu Oct 19 18:56:32 UTC 2023\n')
  assert.equal(look(broken)[0]!.driver, '535.129.03')
})
