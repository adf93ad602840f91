/** Compiles TypeScript to dist, and with it checks all types. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { runTool } from './run-tool.mjs'
import { hash, readStamp, writeStamp } from './stamps.mjs'

/** What tsconfig.json includes. */
const folders = ['src', 'test', 'bench', 'openapi', 'scripts']

/**
 * Compiles when a source changed. Takes some milliseconds when none did.
 * @param {string} projectRoot
 * @param {(line: string) => void} log
 * @throws Error with the compiler's messages
 */
export async function ensureBuild (projectRoot, log) {
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

/** Lists the TypeScript sources, relative to the project, in a fixed order. */
export function listSources (projectRoot) {
  return folders.flatMap(folder => {
    const at = path.join(projectRoot, folder)
    if (!existsSync(at)) return []
    return readdirSync(at, { recursive: true }).filter(name => name.endsWith('.ts')).map(name => path.join(folder, name))
  }).sort()
}

function describe (projectRoot, file) {
  const { size, mtimeMs } = statSync(path.join(projectRoot, file))
  return `${file} ${size} ${mtimeMs}`
}
