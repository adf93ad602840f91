/** Compiles TypeScript to dist, and with it checks all types; compiles the AssemblyScript kernels to WebAssembly. */
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { runTool } from './run-tool.mjs'
import { hash, readStamp, writeStamp } from './stamps.mjs'

/** What tsconfig.json includes. */
const folders = ['src', 'test', 'bench', 'openapi', 'scripts']

/** AssemblyScript, which looks like TypeScript and is not: tsconfig.json excludes it. */
const kernels = path.join('src', 'tensor', 'float64', 'assembly')

/**
 * Compiles when a source changed. Takes some milliseconds when none did.
 * @param {string} projectRoot
 * @param {(line: string) => void} log
 * @throws Error with the compiler's messages
 */
export async function ensureBuild (projectRoot, log) {
  await ensureKernels(projectRoot, log)
  const compiler = path.join(projectRoot, 'node_modules', 'typescript')
  const wanted = hash(
    readFileSync(path.join(projectRoot, 'tsconfig.json')),
    readFileSync(path.join(compiler, 'package.json')),
    readFileSync(path.join(projectRoot, 'package-lock.json')),
    ...listSources(projectRoot).map(file => describe(projectRoot, file))
  )
  if (existsSync(path.join(projectRoot, 'dist', 'src', 'main.js')) && readStamp(projectRoot, 'build') === wanted) return
  const startedAt = Date.now()
  log('Compiling')
  await runTool([
    path.join(compiler, 'bin', 'tsc'), '-p', 'tsconfig.json', '--noEmitOnError', '--pretty', 'false',
    // in dist, so that whoever removes dist removes it too
    '--incremental', '--tsBuildInfoFile', path.join('dist', '.tsbuildinfo')
  ], { cwd: projectRoot })
  writeStamp(projectRoot, 'build', wanted)
  log(`Compiled in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`)
}

/** Compiles the Float64 kernels to dist/src/tensor/float64/kernels.wasm when their source changed. */
async function ensureKernels (projectRoot, log) {
  const compiler = path.join(projectRoot, 'node_modules', 'assemblyscript')
  const sources = list(projectRoot, kernels)
  const wanted = hash(
    readFileSync(path.join(compiler, 'package.json')),
    readFileSync(fileURLToPath(import.meta.url)), // the options
    ...sources.map(file => readFileSync(path.join(projectRoot, file)))
  )
  const file = path.join('dist', 'src', 'tensor', 'float64', 'kernels.wasm')
  if (existsSync(path.join(projectRoot, file)) && readStamp(projectRoot, 'kernels') === wanted) return
  log('Compiling the Float64 kernels')
  mkdirSync(path.join(projectRoot, path.dirname(file)), { recursive: true })
  await runTool([
    path.join(compiler, 'bin', 'asc.js'), path.join(kernels, 'index.ts'), '--outFile', `${file}.new`,
    '-O3', '--enable', 'simd', '--runtime', 'stub',
    '--disableWarning', '201' // "conversion needs a cast on 64-bit targets": the memory is 32-bit
  ], { cwd: projectRoot })
  // at once, for a thread may be loading it
  renameSync(path.join(projectRoot, `${file}.new`), path.join(projectRoot, file))
  writeStamp(projectRoot, 'kernels', wanted)
}

/** Lists the sources that tsc compiles, relative to the project, in a fixed order. */
export function listSources (projectRoot) {
  return folders.flatMap(folder => list(projectRoot, folder)).filter(file => !file.startsWith(kernels + path.sep)).sort()
}

function list (projectRoot, folder) {
  const at = path.join(projectRoot, folder)
  if (!existsSync(at)) return []
  return readdirSync(at, { recursive: true }).filter(name => name.endsWith('.ts') || (folder === 'src' && name.endsWith('.mjs'))).map(name => path.join(folder, name)).sort()
}

function describe (projectRoot, file) {
  const { size, mtimeMs } = statSync(path.join(projectRoot, file))
  return `${file} ${size} ${mtimeMs}`
}
