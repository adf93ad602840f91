/** Installs what benchmarks compare with into a virtual environment under the cache folder (`npm run bench:peers`). */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'

const packages = ['torch==2.*', 'numpy', 'scipy==1.17.1', 'pyswarms==1.3.0']
const cache = process.env.CACHE_DIR || path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'descent-lab')
const peers = path.resolve(cache, 'peers')

run('python3', ['-m', 'venv', peers], existsSync(path.join(peers, 'bin', 'python')))
run(path.join(peers, 'bin', 'pip'), ['install', ...packages], false)
process.stdout.write(`The peers are in ${peers}\n`)

function run (command, args, isDone) {
  if (isDone) return
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' })
  if (status !== 0) {
    process.stderr.write(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}; Python 3 with venv is needed, and about 6 GB\n`)
    process.exit(1)
  }
}
