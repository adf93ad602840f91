/**
 * Adversarial training of linear classifiers beside NumPy, and the solver of largest margins beside CVXPY and scikit-learn, in one
 * run, taking turns (`npm run bench:adversarial`; `npm run bench:peers` installs them first). Without them only our side is
 * measured. With a part of their names as an argument only such cases are, and nothing is recorded:
 * `npm run bench:adversarial -- 2000`.
 */
import { existsSync } from 'node:fs'
import { loadavg } from 'node:os'
import { measureSolver } from './adversarial/solver.js'
import { measureSteps } from './adversarial/steps.js'
import { record } from './record.js'
import { peerPython } from './side.js'

const wanted = process.argv[2]
const isWanted = (name: string) => wanted === undefined || name.includes(wanted)
const python = peerPython()
const hasPeers = existsSync(python)
if (!hasPeers) process.stdout.write('NumPy, CVXPY and scikit-learn are not installed: npm run bench:peers installs them.\n')
const measured = []
for (const measure of [measureSteps, measureSolver]) measured.push(await measure(hasPeers ? python : null, isWanted))
const cases = measured.flatMap(half => half.cases)
if (wanted === undefined) {
  const versions = Object.assign({}, ...measured.map(half => half.versions))
  await record('adversarial', cases, versions, { load: loadavg().map(value => value.toFixed(1)).join(' ') })
} else {
  for (const { name, ours, peer, also } of cases) process.stdout.write(`${JSON.stringify({ name, ours, peer, also })}\n`)
}
