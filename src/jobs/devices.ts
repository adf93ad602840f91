/**
 * What a lane's device is called, what it really is, and why a GPU that was asked for is not to be had. An executor asks
 * TensorFlow; nvidia-smi only describes the card.
 */
import { cpus } from 'node:os'
import { describeGpu, type Gpu } from '../gpus.mjs'
import type { Hardware } from '../storage/nodes.js'
import type { Engine } from '../tensor/engine.js'

/** What a trial thread's engine turned out to be. */
export type EngineFacts = Pick<Engine, 'backend' | 'device' | 'fallback' | 'flavour'>

/** Whether a lane's device is a GPU. */
export function isGpu (device: string): boolean {
  return device.startsWith('gpu:')
}

/** The card behind the name of a lane's device; undefined for a CPU, or where none is seen. */
export function findGpu (device: string, gpus: readonly Gpu[]): Gpu | undefined {
  return gpus.find(({ index }) => device === `gpu:${index}`)
}

/** What the device is, for the list of nodes. @param gpu undefined on a CPU, and where only TensorFlow sees the card */
export function describeHardware (device: string, gpu: Gpu | undefined): Hardware {
  if (gpu === undefined) return { name: isGpu(device) ? 'a GPU that nvidia-smi does not show' : cpuName(), driver: null, computeCapability: null, memoryBytes: null }
  const { name, driver, computeCapability, memoryBytes } = gpu
  return { name, driver, computeCapability, memoryBytes }
}

/** The device as numbers depend on it: equal cards with one driver are equal, whichever lane they are. */
export function describeDevice (device: string, gpu: Gpu | undefined): string {
  return isGpu(device) ? gpu === undefined ? 'gpu' : describeGpu(gpu) : 'cpu'
}

/** Model of this machine's CPU. */
export function cpuName (): string {
  return cpus()[0]?.model ?? 'unknown'
}

/**
 * Says in one sentence why a lane cannot work on the GPU that it is to have: what was asked, what was found, what to do.
 * @returns undefined when it can
 */
export function explainMissingGpu (device: string, gpu: Gpu | undefined, engine: EngineFacts): string | undefined {
  if (!isGpu(device) || engine.device === 'gpu') return undefined
  const instead = 'or leave it out of LANES (LANES=cpu:N works on the CPU alone)'
  if (engine.backend === 'wasm') {
    const [why] = (engine.fallback ?? '').split(/\.?\s*\n/) // the rest is tfjs's advice, for its own way of building
    return `LANES asks for ${device}, but TensorFlow could not be loaded (${why}): set it up with npm start, ${instead}`
  }
  if (gpu === undefined) {
    return `LANES asks for ${device}, but this machine shows no such NVIDIA GPU: install NVIDIA's driver, give the container its GPU, ${instead}`
  }
  if (engine.flavour === 'cpu') {
    return `LANES asks for ${device}, which is ${describeGpu(gpu)}, but TensorFlow is set up for CPUs: set TENSORFLOW_FLAVOUR=cuda and run npm start once, ${instead}`
  }
  return `LANES asks for ${device}, which is ${describeGpu(gpu)}, but TensorFlow cannot use it: it needs driver 525 or newer and compute capability 5.0 or higher; update the driver, ${instead}`
}
