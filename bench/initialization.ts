/**
 * Instances of power allocation that are solved in a second beside batched NumPy, in one run, taking turns (`npm run
 * bench:initialization`; `npm run bench:peers` installs NumPy first). Without it only our side is measured.
 */
import { loadavg } from 'node:os'
import { measureSolving } from './initialization/cases.js'
import { record } from './record.js'

const { cases, versions } = await measureSolving()
await record('initialization', cases, versions, { load: loadavg().map(value => value.toFixed(1)).join(' ') })
