/** Training on one device, ours and PyTorch's taking turns: what `bench:training` and `check:gpu` measure. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { readConfig } from '../../src/config.js'
import { isGpu } from '../../src/jobs/devices.js'
import { environment } from '../../src/jobs/executor-process.js'
import { projectRoot } from '../../src/paths.js'
import { summarise, type Case } from '../record.js'
import { openSide, peerPython, type Side as BenchSide } from '../side.js'
import { BATCH, measured, type Measured } from './cases.js'

export interface TrainingOptions {
  /** cpu or gpu:N */
  device: string
  threads: number
  /** the beginning of a case's name; all when empty */
  wanted: string
  /** whether MNIST is trained, too, where it is at hand */
  mnist: boolean
}

export const REPETITIONS = 5
const MNIST_REPETITIONS = 2
const mnist = path.resolve(projectRoot, '../shared/data/mnist')
const { cacheDir } = readConfig()

export interface Answer { ms?: number, seconds?: number, error?: string }
export type Side = BenchSide<object, Answer>

/** Measures. @returns a case per net, and the versions of both sides */
export async function compareTraining (options: TrainingOptions): Promise<{ cases: Case[], versions: Record<string, string> }> {
  const { device, threads, wanted } = options
  const ours = await openOurs(device, threads)
  if (isGpu(device) && ours.hello.device !== 'gpu') {
    throw new Error(`bench/training/ours.ts must compute on ${device}, got ${ours.hello.device}`)
  }
  const peer = await openPeer(device, threads)
  if (peer === undefined) process.stdout.write('PyTorch is not installed: npm run bench:peers installs it. Only our side is measured.\n')
  const cases: Case[] = []
  const how = isGpu(device) ? device : `${threads} threads`
  for (const one of measured) {
    if (`${one.net} ${one.optimizer}`.startsWith(wanted)) cases.push(await compare(ours, peer, one, options, how))
  }
  if (options.mnist && existsSync(mnist) && 'mnist'.startsWith(wanted)) cases.push(await compareMnist(ours, peer, device, how))
  if ('blocks'.startsWith(wanted)) cases.push(await compareSources(ours, how))
  ours.close()
  peer?.close()
  return { cases, versions: { ...ours.hello, ...peer?.hello } }
}

function environmentOf (device: string, threads: number): Record<string, string> {
  const kernelCache = isGpu(device) ? path.join(cacheDir, 'cuda') : undefined
  return { ...environment({ device, threads, gpuMemoryPercent: 100, kernelCache }), OMP_NUM_THREADS: String(threads) }
}

/** Our side as a process. @param trials that it runs side by side, in a thread each, as an executor does */
export async function openOurs (device: string, threads: number, trials = 1): Promise<Side> {
  const [name, ...args] = trials === 1 ? ['ours.js'] : ['ours-threads.js', String(trials)]
  const program = fileURLToPath(new URL(name!, import.meta.url))
  return await openSide<object, Answer>(process.execPath, [program, ...args], environmentOf(device, threads))
}

/** PyTorch as a process; undefined where it is not installed. */
export async function openPeer (device: string, threads: number): Promise<Side | undefined> {
  const python = peerPython()
  if (!existsSync(python)) return undefined
  const args = [path.join(projectRoot, 'bench/training/peer.py'), String(threads), isGpu(device) ? 'cuda' : 'cpu']
  return await openSide<object, Answer>(python, args, environmentOf(device, threads))
}

async function compare (
  ours: Side, peer: Side | undefined, measure: Measured, { device, threads }: TrainingOptions, how: string
): Promise<Case> {
  const { net, optimizer, aim: cpuAim, steps, batch = BATCH } = measure
  const aim = isGpu(device) ? null : cpuAim // the aims are those of a CPU
  // Reported beside, without an aim; torch.compile takes half a minute per net, so only where it matters.
  const isCompared = aim !== null && optimizer === 'sgd' && threads === 2
  const modes = ['eager', ...(isCompared ? ['compile'] : []), ...(isCompared && net.startsWith('cnn') ? ['channels_last'] : [])]
  const times = { ours: [] as number[], eager: [] as number[], peer: new Map<string, number[]>(modes.map(mode => [mode, []])) }
  for (let i = 0; i < REPETITIONS; i++) {
    times.ours.push((await ours.ask({ net, optimizer, mode: 'compiled', steps, batch })).ms!)
    for (const mode of peer === undefined ? [] : modes) {
      const { ms } = await peer!.ask({ net, optimizer, mode, steps, batch })
      if (ms !== undefined) times.peer.get(mode)!.push(ms)
    }
    times.eager.push((await ours.ask({ net, optimizer, mode: 'eager', steps: Math.ceil(steps / 4), batch })).ms!)
  }
  const eager = times.peer.get('eager')!
  const also = Object.fromEntries([['tfjs eager', times.eager] as const, ...[...times.peer].filter(([mode]) => mode !== 'eager').map(([mode, list]) => [`PyTorch ${mode}`, list] as const)]
    .filter(([, list]) => list.length > 0).map(([name, list]) => [name, summarise(list)]))
  process.stdout.write(`${net} ${optimizer}, ${how}: ours ${fastest(times.ours)}, PyTorch ${fastest(eager)}\n`)
  return {
    name: `${net} ${optimizer}, ${how}`,
    unit: 'ms/step',
    better: 'lower',
    ours: summarise(times.ours),
    peer: eager.length === 0 ? null : { name: 'PyTorch eager', ...summarise(eager) },
    also,
    aim: eager.length === 0 ? null : aim
  }
}

/** In words, for the one who waits. */
export function fastest (milliseconds: number[]): string {
  return milliseconds.length === 0 ? 'not installed' : `${Math.min(...milliseconds).toFixed(3)} ms`
}

async function compareMnist (ours: Side, peer: Side | undefined, device: string, how: string): Promise<Case> {
  const times = { ours: [] as number[], peer: [] as number[] }
  for (let i = 0; i < MNIST_REPETITIONS; i++) {
    times.ours.push((await ours.ask({ mnist })).seconds!)
    if (peer !== undefined) times.peer.push((await peer.ask({ mnist })).seconds!)
  }
  return {
    name: `MNIST cnn 32-64-128, 3 epochs with evaluation, ${how}`,
    unit: 's',
    better: 'lower',
    ours: summarise(times.ours),
    peer: times.peer.length === 0 ? null : { name: 'PyTorch eager', ...summarise(times.peer) },
    aim: times.peer.length === 0 || isGpu(device) ? null : 0.6
  }
}

/** Data that streams through the device in blocks beside the same data kept there: what streaming costs a step. */
async function compareSources (ours: Side, how: string): Promise<Case> {
  const net = 'mlp 784-256-10'
  const times = { blocks: [] as number[], resident: [] as number[] }
  for (let i = 0; i < REPETITIONS; i++) {
    for (const source of ['blocks', 'resident'] as const) times[source].push((await ours.ask({ net, source, steps: 1500 })).ms!)
  }
  process.stdout.write(`${net} sgd, ${how}: in blocks ${Math.min(...times.blocks).toFixed(3)} ms, resident ${Math.min(...times.resident).toFixed(3)} ms\n`)
  return {
    name: `${net} sgd, data in blocks of 8 MB, ${how}`,
    unit: 'ms/step',
    better: 'lower',
    ours: summarise(times.blocks),
    peer: { name: 'ours, data resident', ...summarise(times.resident) },
    aim: null
  }
}
