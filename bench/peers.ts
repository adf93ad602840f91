/** Installs what benchmarks compare with into a virtual environment under the cache folder (`npm run bench:peers`): about 6 GB. */
import path from 'node:path'
import { installPython } from '../scripts/python-tools.js'
import { peerPackages } from './peer-packages.js'

const programs = installPython('peers', peerPackages)
process.stdout.write(`The peers are in ${path.dirname(programs)}\n`)
