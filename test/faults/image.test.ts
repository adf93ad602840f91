/**
 * What docker/Dockerfile does, done without an engine: its own context, instructions and variables, in a folder that
 * stands for the image's file system; then the image's command, as another user where this one is root. What an engine
 * adds (layers, base images, apt) is left out.
 */
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { readConfig } from '../../src/config.js'
import { projectRoot } from '../../src/paths.js'
import { instructionsOf, listContext, readDockerfile, readVariables, type Instruction } from '../helpers/dockerfile.js'
import { temporaryFolder } from '../helpers/folder.js'
import { follow, listProcesses, openApi } from '../helpers/service.js'

const isRoot = process.getuid?.() === 0
const skip = process.platform !== 'linux' && 'an image is Linux'

/** The folders of the image that the Dockerfile names, as they are here. */
function place (root: string): (text: string) => string {
  return text => text.replaceAll(/(?<![\w/.])\/(app|cache|data|blobs|backups)\b/g, `${root}/$1`)
}

/** Does the instructions of the stages, the context's files first copied where COPY puts them. @returns the variables of the image */
async function build (t: TestContext, root: string, instructions: Instruction[]): Promise<Record<string, string>> {
  const here = place(root)
  const image: Record<string, string> = {}
  let folder = root
  for (const { name, text } of instructions) {
    if (name === 'WORKDIR') {
      folder = here(text)
      mkdirSync(folder, { recursive: true })
    }
    if (name === 'ENV') Object.assign(image, readVariables(here(text)))
    if (name === 'COPY' && !text.includes('--from=')) copy(text.split(' ').slice(0, -1), folder)
    if (name === 'RUN' && !text.startsWith('apt-get ')) await run(t, adapt(t, here(text), image), folder, image)
  }
  return image
}

function copy (sources: string[], folder: string): void {
  const context = listContext()
  for (const file of context.filter(file => sources.some(source => source === '.' || source === file))) {
    cpSync(path.join(projectRoot, file), path.join(folder, file), { recursive: true })
  }
}

/** The engine downloads TensorFlow; here the user's cache stands for the index, or WebAssembly where that is empty. */
function adapt (t: TestContext, command: string, { CACHE_DIR = '' }: Record<string, string>): string {
  if (!command.includes('npm run build')) return command.replace('chown node:node', 'true')
  const { cacheDir, tensorBackend } = readConfig({ ...process.env, CACHE_DIR: process.env.CACHE_DIR })
  const known = path.join(cacheDir, 'tensorflow')
  if (tensorBackend !== 'wasm' && existsSync(known)) return `cp -al ${known} ${CACHE_DIR}/ 2>/dev/null || cp -a ${known} ${CACHE_DIR}/; ${command}`
  t.diagnostic('TensorFlow is not in the cache folder: WebAssembly instead')
  return command.replace(/TENSOR_BACKEND=("[^"]*("[^"]*")*[^"]*"|\S+)/, 'TENSOR_BACKEND=wasm')
}

async function run (t: TestContext, command: string, cwd: string, image: Record<string, string>): Promise<void> {
  t.diagnostic(command)
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, npm_config_prefer_offline: 'true', ...image }
  await promisify(execFile)('sh', ['-ec', command], { cwd, env, maxBuffer: 2 ** 26 })
}

test('the image: built by its own instructions, pruned, started as another user, it works and ends on SIGTERM', { skip, timeout: 1_200_000 }, async t => {
  const root = temporaryFolder()
  const stages = readDockerfile()
  const built = await build(t, root, instructionsOf(stages, 'build-cpu'))
  const runtime = instructionsOf(stages, 'cpu')
  const image = await build(t, root, runtime)
  const app = path.join(root, 'app')

  await t.test('what only builds is not in it, and nothing of this machine', () => {
    const packages = readdirSync(path.join(app, 'node_modules'))
    assert.deepEqual(packages.filter(name => ['binaryen', 'assemblyscript', 'eslint'].includes(name)), [])
    assert.deepEqual(readdirSync(built.CACHE_DIR!, { recursive: true }).map(String).filter(name => path.basename(name) === 'include'), [])
    assert.ok(!existsSync(path.join(app, '.env')) && !existsSync(path.join(app, '.git')))
  })

  const user = isRoot ? ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups'] : []
  if (isRoot) await run(t, `chown -R nobody:nogroup ${app} ${image.DATA_DIR} ${root}/blobs ${root}/backups`, root, {})
  else t.diagnostic('not as another user: that takes root')
  const env = { PATH: process.env.PATH, ...image, HOST: '127.0.0.1', PORT: '0', LANES: 'cpu:2' }
  const as = (command: string[]): [string, string[]] => [[...user, ...command][0]!, [...user, ...command].slice(1)]
  const start = JSON.parse(runtime.find(({ name }) => name === 'CMD')!.text) as string[]
  const [program, args] = as([process.execPath, ...start.slice(1)])
  const service = spawn(program, args, { cwd: app, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [service.stdout, service.stderr]) stream.setEncoding('utf8').on('data', text => { output += text })
  const ended = once(service, 'close')
  t.after(async () => {
    service.kill('SIGKILL')
    await ended
  })
  const url = await untilReady()

  async function untilReady (): Promise<string> {
    for (;;) {
      const found = /is ready\s+(http:\S+)/.exec(output)?.[1]
      if (found) return found
      if (service.exitCode !== null) throw new Error(`the image's command ended with ${service.exitCode}:\n${output}`)
      await delay(50)
    }
  }

  await t.test('the quick preset succeeds, and its files lie in the volume', async () => {
    const { stdout } = await promisify(execFile)(...as([process.execPath, 'dist/src/main.js', 'key']), { cwd: app, env })
    const api = openApi(() => url, () => new Promise<never>(() => {}), stdout.trim())
    const { id } = await api.json('POST', '/v1/experiments', { kind: 'tracin', preset: 'quick' })
    await follow(api, id)
    assert.equal((await api.json('GET', `/v1/experiments/${id}`)).state, 'succeeded')
    assert.ok(readdirSync(path.join(root, 'data', 'blobs')).length > 1)
    assert.deepEqual(readdirSync(path.join(root, 'blobs')), [])
    const { backend } = JSON.parse(readFileSync(path.join(app, 'node_modules', '.descent-lab', 'tensor.json'), 'utf8')) as { backend: string }
    assert.equal((await api.json('GET', '/v1/nodes')).items[0].lanes[0].backend, backend)
  })

  await t.test('what the API and the node log is in its output', () => {
    assert.match(output, /"url":"\/v1\/experiments"/)
    assert.match(output, /"name":"node"/)
  })

  await t.test('SIGTERM ends all of it in order', async () => {
    service.kill('SIGTERM')
    assert.deepEqual(await ended, [0, null])
    assert.deepEqual(listProcesses(root), [])
  })
})
