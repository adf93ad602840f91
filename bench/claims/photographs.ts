/** The claim that no preset makes: a residual network reads photographs, in minutes, on a processor. pictures.ts trains it. */
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { environment } from '../../src/jobs/executor-process.js'
import { projectRoot } from '../../src/paths.js'
import { openSide } from '../side.js'
import { codeOf, digest, type Claim } from './list.js'
import type { Learned } from './pictures.js'
import type { Verdict } from './store.js'

const THREADS = 2
/** Share of the test pictures, and seconds. */
const AIM = { accuracy: 0.62, seconds: 600 }
const folder = path.resolve(projectRoot, '../shared/data/cifar10')

export const photographs: Claim = {
  name: 'photographs',
  kind: 'photographs',
  preset: 'resnet-8',
  title: 'ResNet-8 with batch-norm, 20 epochs of 10,000 pictures of CIFAR-10 cropped and mirrored at random',
  predicts: `It reads at least ${100 * AIM.accuracy} % of 2,000 others rightly, trained and tested within ${AIM.seconds} s`,
  overrides: {},
  data: 'cifar10',
  seeds: 1,
  maxSeconds: AIM.seconds,
  note: 'five minutes of both cores',
  isApart: true,
  version: '1',
  spec: digest(AIM).slice(0, 12)
}

/** SHA-256 of what it is trained by. */
export const photographsCode = (): string => codeOf('kit')

export async function learnPhotographs (): Promise<Verdict> {
  const program = fileURLToPath(new URL('pictures.js', import.meta.url))
  const env = environment({ device: 'cpu', threads: THREADS, gpuMemoryPercent: 100, kernelCache: undefined })
  const side = await openSide<object, Learned>(process.execPath, [program], env)
  try {
    const { accuracy, seconds, processorSeconds } = await side.ask({ folder })
    return {
      claim: photographs.predicts,
      holds: accuracy >= AIM.accuracy && seconds <= AIM.seconds,
      evidence: `${(100 * accuracy).toFixed(1)} % read rightly, ${seconds.toFixed(0)} s, ${processorSeconds.toFixed(0)} processor seconds on ${THREADS} threads`
    }
  } finally {
    side.close()
  }
}
