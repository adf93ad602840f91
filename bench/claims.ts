/**
 * Claims that take minutes to see, beside their aims (`npm run check:claims`; written to bench/results/claims.json).
 * Reads ../shared/data and says so where it is absent.
 */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { environment } from '../src/jobs/executor-process.js'
import { projectRoot } from '../src/paths.js'
import type { Learned } from './claims/pictures.js'
import { record, summarise } from './record.js'
import { openSide } from './side.js'

const THREADS = 2
const folder = path.resolve(projectRoot, '../shared/data/cifar10')

if (existsSync(folder)) {
  const program = fileURLToPath(new URL('claims/pictures.js', import.meta.url))
  const env = environment({ device: 'cpu', threads: THREADS, gpuMemoryPercent: 100, kernelCache: undefined })
  const side = await openSide<object, Learned>(process.execPath, [program], env)
  const { accuracy, seconds, processorSeconds } = await side.ask({ folder })
  side.close()
  const once = (value: number) => summarise([value])
  const name = 'ResNet-8 with batch-norm, 10,000 pictures of CIFAR-10 cropped and mirrored at random'
  await record('claims', [
    { name: `${name}: read rightly of 2,000 others`, unit: 'share', better: 'higher', ours: once(accuracy), peer: null, aim: 0.62 },
    { name: `${name}: training and test`, unit: 's', better: 'lower', ours: once(seconds), peer: null, aim: 600 },
    { name: `${name}: the same, of ${THREADS} processors`, unit: 'processor s', better: 'lower', ours: once(processorSeconds), peer: null, aim: null }
  ], side.hello)
} else {
  process.stdout.write(`Skipped: real data are not at ${folder}\n`)
}
