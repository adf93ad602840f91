import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { pathToFileURL } from 'node:url'
import { projectRoot } from '../../src/paths.js'
import { temporaryFolder } from '../helpers/folder.js'
import { isAlive, killSurely, until } from '../helpers/processes.js'

interface HungFiles {
  watchForHungFiles (
    runner: number, files: string[], onHung: (file: string) => void, times: { limitMs: number, everyMs?: number }
  ): () => void
}
const { watchForHungFiles } = await import(pathToFileURL(path.join(projectRoot, 'scripts', 'hung-files.mjs')).href) as HungFiles

const skip = process.platform === 'win32' && 'there is no ps'

/** A test file that starts a process, says who is who, and never comes back; deaf to all signals that can be heard. */
const hanging = `
  import { spawn } from 'node:child_process'
  import { writeFileSync } from 'node:fs'
  import test from 'node:test'
  test('hangs', () => {
    process.on('SIGTERM', () => {})
    const child = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' })
    writeFileSync(import.meta.filename + '.pids', process.pid + ' ' + child.pid)
    for (;;);
  })`

test('watchForHungFiles kills a file that hangs, with what it started and nothing else, and the runner comes to its end', { skip }, async t => {
  const folder = temporaryFolder()
  const files = ['hangs.test.mjs', 'passes.test.mjs'].map(name => path.join(folder, name))
  const [hangs, passes] = files as [string, string]
  writeFileSync(hangs, hanging)
  writeFileSync(passes, 'import test from "node:test"; test("passes", () => {})')
  // Of the same name and not the runner's: somebody else's.
  const stranger = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)', hangs], { stdio: 'ignore' })
  t.after(() => stranger.kill('SIGKILL'))

  const { NODE_TEST_CONTEXT: _, ...env } = process.env // it is no part of this test run
  const runner = spawn(process.execPath, ['--test', '--test-reporter=tap', '--test-concurrency=1', hangs, passes], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => runner.kill('SIGKILL'))
  let output = ''
  runner.stdout.setEncoding('utf8').on('data', text => { output += text })
  const ended = once(runner, 'close')

  await until(() => existsSync(`${hangs}.pids`) && / \d/.test(readFileSync(`${hangs}.pids`, 'utf8')), 'the file hangs')
  const pids = readFileSync(`${hangs}.pids`, 'utf8').split(' ').map(Number)
  t.after(() => { for (const pid of pids) killSurely(pid) })
  const said: string[] = []
  // Watched only now, and told of this file alone: how long the other one takes depends on the machine.
  const stop = watchForHungFiles(runner.pid!, [hangs], file => { said.push(file) }, { limitMs: 1, everyMs: 20 })
  t.after(stop)

  const [code] = await ended
  assert.equal(code, 1)
  assert.deepEqual([...new Set(said)], [hangs])
  assert.match(output, /^not ok 1 /m)
  assert.match(output, /^ok 2 /m)
  await until(() => !pids.some(isAlive), 'the file and what it started have ended')
  assert.ok(isAlive(stranger.pid!))
})
