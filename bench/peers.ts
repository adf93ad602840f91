/** Installs what benchmarks compare with into a virtual environment under the cache folder (`npm run bench:peers`): about 6 GB. */
import path from 'node:path'
import { installPython } from '../scripts/python-tools.js'

const programs = installPython('peers', ['torch==2.*', 'numpy', 'scipy==1.17.1', 'pyswarms==1.3.0'])
process.stdout.write(`The peers are in ${path.dirname(programs)}\n`)
