import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import test, { type TestContext } from 'node:test'
import { promisify } from 'node:util'
import { projectRoot } from '../../src/paths.js'

const supported = process.platform === 'linux' && process.arch === 'x64'
const script = path.join(projectRoot, 'scripts/setup/tensorflow.mjs')

interface Outcome { backend: string, reason?: string, cure?: string, log: string[] }
interface Sandbox { root: string, run (options?: { uid?: number }): Promise<Outcome> }

/** A project without a binding, a cache without a library, and only the tools that are named, each as a shell script. */
async function sandbox (t: TestContext, tools: Record<string, string>, flavour = 'cpu'): Promise<Sandbox> {
  const root = await mkdtemp(path.join(tmpdir(), 'descent-lab-setup-test-'))
  t.after(() => rm(root, { recursive: true, force: true }))
  const folder = path.join(root, 'node_modules', '@tensorflow', 'tfjs-node-gpu')
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, 'package.json'), '{"version": "4.22.0"}')
  const bin = path.join(root, 'bin')
  await mkdir(bin)
  for (const [name, text] of Object.entries(tools)) await writeFile(path.join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  await symlink('/bin/sh', path.join(bin, 'sh'))
  const code = `
    const { ensureTensorflow } = await import(${JSON.stringify(script)})
    const log = []
    const result = await ensureTensorflow({ projectRoot: ${JSON.stringify(root)}, cacheDir: ${JSON.stringify(path.join(root, 'cache'))},
      log: line => log.push(line), flavour: ${JSON.stringify(flavour)} })
    console.log(JSON.stringify({ ...result, log }))`
  return {
    root,
    async run (options = {}) {
      const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], { env: { PATH: bin }, ...options })
      return JSON.parse(stdout)
    }
  }
}

test('ensureTensorflow: without a compiler says so, and the cure', { skip: !supported }, async t => {
  const { run } = await sandbox(t, { python3: 'exit 0' })
  const { backend, reason, cure } = await run()
  assert.equal(backend, 'wasm')
  assert.match(reason!, /^There is no C\+\+ compiler \(g\+\+\), so TensorFlow's binding cannot be built/)
  assert.match(cure!, /apt-get install g\+\+\)/)
})

test('ensureTensorflow: without Python says so', { skip: !supported }, async t => {
  const { run } = await sandbox(t, { 'g++': 'exit 0' })
  const { backend, reason } = await run()
  assert.equal(backend, 'wasm')
  assert.match(reason!, /^There is no Python with pip, so TensorFlow's library cannot be downloaded$/)
})

test('ensureTensorflow: without compiler and Python says both at once', { skip: !supported }, async t => {
  const { run } = await sandbox(t, {})
  const { backend, reason, cure } = await run()
  assert.equal(backend, 'wasm')
  assert.match(reason!, /^There is no C\+\+ compiler \(g\+\+\) and no Python with pip, so TensorFlow's binding cannot be built and TensorFlow's library cannot be downloaded$/)
  assert.equal(cure, 'Install g++ and Python with pip (Debian, Ubuntu: apt-get install g++ python3 python3-pip), then start again')
})

test('ensureTensorflow: a cache that cannot be written is named, not thrown', { skip: !supported }, async t => {
  const { root, run } = await sandbox(t, { 'g++': 'exit 0', python3: 'exit 0' })
  // nobody may look into all of it, and write nowhere
  await chmod(root, 0o755)
  const cache = path.join(root, 'cache')
  await mkdir(cache, { mode: 0o555 })
  const { backend, reason, cure } = await run(process.getuid?.() === 0 ? { uid: 65534 } : {})
  assert.equal(backend, 'wasm')
  assert.equal(reason, `TensorFlow's library cannot be made in ${path.join(cache, 'tensorflow')}, which cannot be written (EACCES)`)
  assert.equal(cure, 'Make it writable, or set CACHE_DIR to another folder, then start again')
})

test('ensureTensorflow: a failed download is named, and not tried again at once', { skip: !supported }, async t => {
  const { run } = await sandbox(t, {
    'g++': 'exit 0',
    python3: 'case "$*" in *--version*) exit 0;; esac; echo "ERROR: No matching distribution found" >&2; exit 1'
  })
  const first = await run()
  assert.equal(first.backend, 'wasm')
  assert.match(first.reason!, /could not be downloaded \(ERROR: No matching distribution found\)/)
  assert.equal(first.log.length, 1)
  const second = await run()
  assert.equal(second.reason, first.reason)
  assert.deepEqual(second.log, [])
  assert.match(second.cure!, /delete .*failed-cpu\.json/)
})

test('set-up with TENSOR_BACKEND=tensorflow: what cannot be had ends it, as it must a build of an image', { skip: !supported }, async t => {
  const folder = await mkdtemp(path.join(tmpdir(), 'descent-lab-setup-test-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const setUp = (backend: string) => promisify(execFile)(process.execPath, [path.join(projectRoot, 'scripts', 'run.mjs')], {
    cwd: folder, env: { PATH: folder, CACHE_DIR: folder, TENSOR_BACKEND: backend }
  })
  await assert.rejects(setUp('tensorflow'), (error: Error & { code: number, stderr: string }) => {
    assert.equal(error.code, 1)
    assert.match(error.stderr, /^TENSOR_BACKEND is tensorflow, which cannot be set up: There is no C\+\+ compiler \(g\+\+\).*\. Install g\+\+/)
    return true
  })
})

test('ensureTensorflow: refuses a flavour that there is not', { skip: !supported }, async t => {
  const { run } = await sandbox(t, {}, 'rocm')
  await assert.rejects(run(), /TENSORFLOW_FLAVOUR must be one of cpu, cuda, got "rocm"/)
})

test('ensureTensorflow: with CUDA leads cuDNN to NVRTC and makes ptxas executable, and asks for no wheel that is never loaded', { skip: !supported }, async t => {
  // What unpacking leaves: a ptxas without its x bit.
  const { root, run } = await sandbox(t, {
    'g++': 'exit 0',
    python3: `case "$*" in
      *extractall*) for last; do :; done
        /bin/mkdir -p "$last/tensorflow" "$last/nvidia/cuda_nvrtc/lib" "$last/nvidia/cuda_nvcc/bin"
        : > "$last/nvidia/cuda_nvcc/bin/ptxas"; /bin/chmod 644 "$last/nvidia/cuda_nvcc/bin/ptxas";;
      *download*) echo "$*" > "$0.asked";;
    esac`
  }, 'cuda')
  assert.match((await run()).reason!, /binding could not be compiled/) // the sandbox has no source of it
  const nvidia = path.join(root, 'cache', 'tensorflow', '2.15.1-cuda', 'site', 'nvidia')
  assert.equal(await readlink(path.join(nvidia, 'nvrtc')), 'cuda_nvrtc')
  assert.ok((await stat(path.join(nvidia, 'nvrtc', 'lib'))).isDirectory())
  assert.equal((await stat(path.join(nvidia, 'cuda_nvcc', 'bin', 'ptxas'))).mode & 0o777, 0o755)
  const asked = readFileSync(path.join(root, 'bin', 'python3.asked'), 'utf8')
  assert.match(asked, /tensorflow==2\.15\.1 .*nvidia-cudnn-cu12/)
  assert.doesNotMatch(asked, /nccl|curand/)
})
