/** README's first experiment, pasted as one block into a shell beside a running service: word for word what it says. */
import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { presets } from '../../src/algorithms/tracin/presets.js'
import { projectRoot } from '../../src/paths.js'
import { temporaryFolder } from '../helpers/folder.js'
import { operatorKey, startService } from '../helpers/service.js'

const missing = ['bash', 'curl', 'npm'].find(program => spawnSync(program, ['--version']).status !== 0)
const readme = readFileSync(path.join(projectRoot, 'README.md'), 'utf8')
const section = readme.split('## ').find(text => text.startsWith('Your first experiment\n')) ?? ''
const [, block = ''] = /^```sh\n(.*?)^```$/ms.exec(section) ?? []

test('README says of the preset what it is', () => {
  const { spec } = presets.find(({ name }) => name === 'quick')!
  const generator = (spec.data as { generator: { train: number } }).generator
  assert.match(block, /"kind": "tracin", "preset": "quick"/)
  assert.match(block, new RegExp(`^# 1\\. ${generator.train} drawn digits, a tenth of them with a wrong label`, 'm'))
  assert.equal(spec.labelNoise.kind === 'none' ? 0 : spec.labelNoise.fraction, 0.1)
})

test('README\'s first experiment works as one block', { skip: missing && `${missing} is not installed`, timeout: 600_000 }, async t => {
  const service = await startService(t)
  // A folder to write into, whose npm start is the project's.
  const folder = temporaryFolder()
  const start = `node "${path.join(projectRoot, 'scripts', 'start.mjs')}"`
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ scripts: { start } }))
  const script = path.join(folder, 'block.sh')
  writeFileSync(script, block)
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', script], {
    cwd: folder,
    maxBuffer: 1e8,
    env: { ...process.env, DATA_DIR: service.folder, ADMIN_KEY: operatorKey, PORT: new URL(service.url()).port }
  })
  const [, end = '', rest = ''] = /^data: (\{"type":"end".*\})\n\n(.*)$/ms.exec(stdout) ?? []
  assert.equal(JSON.parse(end).state, 'succeeded')
  const answers = rest.replaceAll('}{', '}\n{').trim().split('\n').map(line => JSON.parse(line))
  assert.equal(answers.length, 2, rest)
  const [report, influence] = answers
  assert.equal(typeof report.verdict.evidence, 'string')
  assert.ok(influence.queryId ?? influence.results[0].proponents.length === 5, 'an answer, or where it will be')
  assert.deepEqual([...readFileSync(path.join(folder, 'digits.png')).subarray(1, 4)], [...Buffer.from('PNG')])
})
