/** Compiles TypeScript to dist, and with it checks all types; compiles the AssemblyScript kernels to WebAssembly. */
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { runTool } from './run-tool.mjs'
import { hash, readStamp, writeStamp } from './stamps.mjs'

/** What tsconfig.json includes. */
const folders = ['src', 'test', 'bench', 'openapi', 'scripts']

/** A folder of this name in src has kernels in AssemblyScript, which looks like TypeScript and is not: tsconfig.json excludes it. */
const assembly = 'assembly'

/** What kernels of several folders import. */
const common = path.join('src', 'math', assembly)

/** On memory that threads share, as many pages as there can be. */
const shared = ['--enable', 'threads', '--importMemory', '--sharedMemory', '--maximumMemory', '65536']

/** By folder: options that only its kernels have. */
const optionsOf = { [path.join('src', 'datasets', 'kernels')]: shared }

/** Of which the database client among the sources is made (prisma.mjs). */
const schema = path.join('prisma', 'schema.prisma')

/**
 * Compiles when a source changed. Takes 40 ms when none did.
 * @param {string} projectRoot
 * @param {(line: string) => void} log
 * @throws Error with the compiler's messages
 */
export async function ensureBuild (projectRoot, log) {
  for (const folder of listKernels(projectRoot)) await ensureKernels(projectRoot, folder, log)
  if (isBuilt(projectRoot)) return
  const wanted = hashSources(projectRoot)
  const compiler = path.join(projectRoot, 'node_modules', 'typescript')
  const startedAt = Date.now()
  log('Compiling')
  await runTool([
    path.join(compiler, 'bin', 'tsc'), '-p', 'tsconfig.json', '--noEmitOnError', '--pretty', 'false',
    // in dist, so that whoever removes dist removes it too
    '--incremental', '--tsBuildInfoFile', path.join('dist', '.tsbuildinfo')
  ], { cwd: projectRoot })
  writeStamp(projectRoot, 'build', wanted, 'dist')
  log(`Compiled in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`)
}

/**
 * Tells whether dist is what the sources say, wherever the tree was copied to and whatever was pruned from it: a tree
 * that is built needs no compiler.
 */
export function isBuilt (projectRoot) {
  const made = [path.join('dist', 'src', 'main.js'), ...listKernels(projectRoot).map(kernelFile)]
  if (!made.every(file => existsSync(path.join(projectRoot, file)))) return false
  return readStamp(projectRoot, 'build', 'dist') === hashSources(projectRoot)
}

/** By content: a copy of the tree has other times. The lockfile says which compiler, and whose types. */
function hashSources (projectRoot) {
  const files = ['tsconfig.json', 'package-lock.json', schema, ...listSources(projectRoot), ...list(projectRoot, common), ...listKernels(projectRoot).flatMap(folder => list(projectRoot, sourceOf(folder)))]
  const present = files.filter(file => existsSync(path.join(projectRoot, file)))
  return hash(...present.flatMap(file => [file, readFileSync(path.join(projectRoot, file))]))
}

/** The folders that have one with kernels. */
function listKernels (projectRoot) {
  const below = readdirSync(path.join(projectRoot, 'src'), { recursive: true, withFileTypes: true })
  const found = below.filter(entry => entry.isDirectory() && entry.name === assembly)
  return found.map(entry => path.relative(projectRoot, entry.parentPath ?? entry.path)).filter(folder => sourceOf(folder) !== common).sort()
}

const sourceOf = folder => path.join(folder, assembly)
const kernelFile = folder => path.join('dist', folder, 'kernels.wasm')

/** Compiles the kernels of a folder to kernels.wasm in the same folder of dist when their source changed. */
async function ensureKernels (projectRoot, folder, log) {
  const compiler = path.join(projectRoot, 'node_modules', 'assemblyscript')
  const sources = [...list(projectRoot, common), ...list(projectRoot, sourceOf(folder))]
  const wanted = hash(
    readFileSync(path.join(compiler, 'package.json')),
    readFileSync(fileURLToPath(import.meta.url)), // the options
    ...sources.map(file => readFileSync(path.join(projectRoot, file)))
  )
  const file = kernelFile(folder)
  const stamp = `kernels-${folder.split(path.sep).slice(1).join('-')}`
  if (existsSync(path.join(projectRoot, file)) && readStamp(projectRoot, stamp, 'dist') === wanted) return
  log(`Compiling the kernels of ${folder}`)
  mkdirSync(path.join(projectRoot, path.dirname(file)), { recursive: true })
  await runTool([
    path.join(compiler, 'bin', 'asc.js'), path.join(sourceOf(folder), 'index.ts'), '--outFile', `${file}.new`,
    '-O3', '--enable', 'simd', '--runtime', 'stub', ...(optionsOf[folder] ?? []),
    '--disableWarning', '201' // "conversion needs a cast on 64-bit targets": the memory is 32-bit
  ], { cwd: projectRoot })
  // at once, for a thread may be loading it
  renameSync(path.join(projectRoot, `${file}.new`), path.join(projectRoot, file))
  writeStamp(projectRoot, stamp, wanted, 'dist')
}

/** Lists the sources that tsc compiles, relative to the project, in a fixed order. */
export function listSources (projectRoot) {
  const isKernel = file => path.dirname(file).split(path.sep).includes(assembly)
  return folders.flatMap(folder => list(projectRoot, folder)).filter(file => !isKernel(file)).sort()
}

function list (projectRoot, folder) {
  const at = path.join(projectRoot, folder)
  if (!existsSync(at)) return []
  return readdirSync(at, { recursive: true }).filter(name => name.endsWith('.ts') || (folder === 'src' && name.endsWith('.mjs'))).map(name => path.join(folder, name)).sort()
}
