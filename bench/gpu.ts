/**
 * The service on this machine's GPU (`npm run check:gpu`): the smallest preset of every kind, a CNN on MNIST with its
 * influence index, and training steps beside PyTorch on the same card. The figures go to bench/results/gpu.json with the
 * card's name. Exit codes: 0 done, 1 something failed, 77 not run, because the machine shows no GPU.
 */
import path from 'node:path'
import { gpuVariables, readConfig } from '../src/config.js'
import { describeGpu, findGpus } from '../src/gpus.mjs'
import { installPython } from '../scripts/python-tools.js'
import { checkService } from './gpu/service.js'
import { peerPackages } from './peer-packages.js'
import { record } from './record.js'
import { compareTraining } from './training/compare.js'

/** As test harnesses know it: skipped. */
const NOT_RUN = 77

const [gpu] = findGpus(gpuVariables())
if (gpu === undefined) {
  process.stdout.write('check:gpu was not run: this machine shows no NVIDIA GPU (neither nvidia-smi nor the driver names one), so there are no figures of GPUs\n')
  process.exit(NOT_RUN)
}
const device = `gpu:${gpu.index}`
process.stdout.write(`check:gpu runs on ${device}, ${describeGpu(gpu)}\n`)
const service = await checkService(device, readConfig().cacheDir)
process.stdout.write(`The peers are in ${path.dirname(installPython('peers', peerPackages))}\n`)
const training = await compareTraining({ device, threads: 1, wanted: '', mnist: true })
await record('gpu', [...service, ...training.cases], training.versions, { device: describeGpu(gpu), command: 'npm run check:gpu' })
