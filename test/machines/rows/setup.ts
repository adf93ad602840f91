/** Machines that lack something, or are told something odd: the set-up makes do without, or says what is wrong and ends. */
import { chmodSync, existsSync, rmSync } from 'node:fs'
import path from 'node:path'
import { asUser, CannotRun, pathWithout, refused, type Bench } from '../bench.js'
import type { Row } from '../check.js'
import { run } from '../program.js'

/** Nobody listens there. */
const dead = 'http://127.0.0.1:9'
const compilers = /^(.*-)?(g\+\+|gcc|c\+\+|cc|clang)(\+\+)?(-\d+)?$/
const pythons = /^(python|pip)[\d.]*$/

export const setupRows: Row[] = [
  {
    name: 'no-compiler',
    async run (bench) {
      const { output, seen } = await bench.use({
        tree: await withoutTensorflow(bench), environment: { PATH: pathWithout(bench, compilers), CACHE_DIR: bench.folder('cache') }
      })
      return `${sentence(output, /compiler/)}; ${onWasm(seen)}`
    }
  },
  {
    name: 'no-compiler-no-python',
    async run (bench) {
      const PATH = pathWithout(bench, new RegExp(`${compilers.source}|${pythons.source}`))
      const output = await run({
        words: ['npm', 'start', '--', '--version'], cwd: await withoutTensorflow(bench), env: bench.environment({ PATH, CACHE_DIR: bench.folder('cache') })
      })
      return sentence(output, /compiler.*Python/)
    }
  },
  {
    name: 'no-registry',
    async run (bench) {
      const { output, seen } = await bench.use({
        tree: await withoutTensorflow(bench),
        environment: { npm_config_registry: dead, PIP_INDEX_URL: `${dead}/simple`, PIP_FIND_LINKS: '', CACHE_DIR: bench.folder('cache') }
      })
      return `${sentence(output, /download/)}; ${onWasm(seen)}`
    }
  },
  {
    name: 'no-registry-no-packages',
    async run (bench) {
      const env = bench.environment({ npm_config_registry: dead, npm_config_cache: bench.folder('npm') })
      return await refused({ words: ['npm', 'start'], cwd: await bench.clone('no-registry'), env }, /registry/)
    }
  },
  {
    name: 'closed-cache',
    async run (bench) {
      const cache = bench.folder('cache')
      chmodSync(cache, 0o555)
      const { output, seen } = await asUser(bench, await withoutTensorflow(bench), async service =>
        await bench.use({ ...service, environment: { ...service.environment, CACHE_DIR: cache } }))
      return `${sentence(output, /cannot be written/)}; ${onWasm(seen)}`
    }
  },
  {
    name: 'production',
    async run (bench) {
      const tree = await bench.clone('production')
      const { seen } = await bench.use({ tree, environment: { NODE_ENV: 'production' } })
      await run({ words: ['npm', 'start', '--', '--version'], cwd: tree, env: bench.environment() })
      return seen
    }
  },
  {
    name: 'gpu-without-one',
    async run (bench) {
      if (existsSync('/dev/nvidia0')) throw new CannotRun('this machine has a GPU')
      const env = bench.environment({ LANES: 'gpu:0', DATA_DIR: bench.folder('data') })
      return await refused({ words: ['npm', 'start'], cwd: await bench.prepared(), env }, /gpu:0/)
    }
  },
  {
    name: 'flavour-misspelt',
    async run (bench) {
      const env = bench.environment({ TENSORFLOW_FLAVOUR: 'cdua', DATA_DIR: bench.folder('data') })
      return await refused({ words: ['npm', 'start'], cwd: await bench.prepared(), env }, /TENSORFLOW_FLAVOUR must be .*"cdua"/)
    }
  }
]

/** The prepared tree with nothing of TensorFlow's in it, nor of what was decided about that: the next row has it again. */
async function withoutTensorflow (bench: Bench): Promise<string> {
  const tree = await bench.prepared()
  const modules = path.join(tree, 'node_modules')
  const binding = path.join(modules, '@tensorflow', 'tfjs-node-gpu')
  for (const link of [path.join(binding, 'lib', 'napi-v8'), path.join(binding, 'deps', 'lib'), path.join(binding, 'deps', 'include'), path.join(modules, '.descent-lab', 'tensor.json')]) {
    rmSync(link, { recursive: true, force: true })
  }
  return tree
}

/** @throws Error when the lanes had something else to compute with */
function onWasm (seen: string): string {
  if (!seen.startsWith('wasm')) throw new Error(`it must run on WebAssembly: ${seen}`)
  return seen
}

/** What the set-up says of going without TensorFlow, which must name what is lacking. @throws Error when it does not */
function sentence (output: string, pattern: RegExp): string {
  const line = output.split('\n').find(line => line.includes('Everything works without it') && pattern.test(line))
  if (line === undefined) throw new Error(`the set-up must say a sentence that matches ${pattern}, said: ${output.trim().slice(0, 400)}`)
  return line.replace(/^set-up: /, '').split('. ')[0]!
}
