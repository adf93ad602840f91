/**
 * Step times of compiled training beside PyTorch eager and tfjs eager, both sides in one run, taking turns
 * (`npm run bench:training`; `npm run bench:peers` installs PyTorch first). Without PyTorch only our side is measured.
 * With the beginning of a case's name (`npm run bench:training -- "mlp 784-256-10 sgd"`) only that is measured and
 * nothing recorded; small is the MLP as the service runs it.
 */
import { record, type Case } from './record.js'
import { compareTraining } from './training/compare.js'
import { compareSmall } from './training/small.js'

const wanted = process.argv[2] ?? ''
const cases: Case[] = []
let versions: Record<string, string> = {}
for (const threads of [1, 2]) {
  const compared = await compareTraining({ device: 'cpu', threads, wanted, mnist: threads === 2 })
  cases.push(...compared.cases)
  versions = { ...versions, ...compared.versions }
}
if ('small'.startsWith(wanted)) cases.push(...await compareSmall())
if (wanted === '') await record('training', cases, versions)
