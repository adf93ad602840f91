/**
 * Adversarial training of linear classifiers beside NumPy, and the solver of largest margins beside CVXPY and scikit-learn, in one
 * run, taking turns (`npm run bench:adversarial`; `npm run bench:peers` installs them first). Without them only our side is
 * measured. With `steps` or `solver` as an argument only that half is, and nothing is recorded.
 */
import { existsSync } from 'node:fs'
import { loadavg } from 'node:os'
import path from 'node:path'
import { readConfig } from '../src/config.js'
import { measureSolver } from './adversarial/solver.js'
import { measureSteps } from './adversarial/steps.js'
import { record } from './record.js'

const halves = { steps: measureSteps, solver: measureSolver }
const wanted = process.argv[2]
const python = path.join(readConfig().cacheDir, 'peers', 'bin', 'python')
const hasPeers = existsSync(python)
if (!hasPeers) process.stdout.write('NumPy, CVXPY and scikit-learn are not installed: npm run bench:peers installs them.\n')
const measured = []
for (const [name, measure] of Object.entries(halves)) {
  if (wanted === undefined || wanted === name) measured.push(await measure(hasPeers ? python : null))
}
const cases = measured.flatMap(half => half.cases)
if (wanted === undefined) {
  const versions = Object.assign({}, ...measured.map(half => half.versions))
  await record('adversarial', cases, versions, { load: loadavg().map(value => value.toFixed(1)).join(' ') })
} else {
  for (const { name, ours, peer, also } of cases) process.stdout.write(`${JSON.stringify({ name, ours, peer, also })}\n`)
}
