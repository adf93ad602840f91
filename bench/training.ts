/**
 * Step times of compiled training beside PyTorch eager and tfjs eager, both sides in one run, taking turns
 * (`npm run bench:training`; `npm run bench:peers` installs PyTorch first). Without PyTorch only our side is measured.
 * With the beginning of a case's name (`npm run bench:training -- "mlp 784-256-10 sgd"`) only that is measured and
 * nothing recorded.
 */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { readConfig } from '../src/config.js'
import { projectRoot } from '../src/paths.js'
import { record, summarise, type Case } from './record.js'
import { openSide, type Side as BenchSide } from './side.js'
import { measured, type Measured } from './training/cases.js'

const REPETITIONS = 5
const MNIST_REPETITIONS = 2
const mnist = path.resolve(projectRoot, '../shared/data/mnist')
const python = path.join(readConfig().cacheDir, 'peers', 'bin', 'python')

interface Answer { ms?: number, seconds?: number, error?: string }
type Side = BenchSide<object, Answer>

const wanted = process.argv[2] ?? ''
const cases: Case[] = []
let versions: Record<string, string> = {}
for (const threads of [1, 2]) {
  const env = {
    TF_NUM_INTRAOP_THREADS: String(threads), TF_NUM_INTEROP_THREADS: String(threads), TF_CPP_MIN_LOG_LEVEL: '2', OMP_NUM_THREADS: String(threads)
  }
  const ours = await openSide<object, Answer>(process.execPath, [fileURLToPath(new URL('training/ours.js', import.meta.url))], env)
  const peer = existsSync(python)
    ? await openSide<object, Answer>(python, [path.join(projectRoot, 'bench/training/peer.py'), String(threads)], env)
    : undefined
  if (peer === undefined) process.stdout.write('PyTorch is not installed: npm run bench:peers installs it. Only our side is measured.\n')
  versions = { ...versions, ...ours.hello, ...peer?.hello }
  for (const one of measured) if (`${one.net} ${one.optimizer}`.startsWith(wanted)) cases.push(await compare(ours, peer, one, threads))
  if (threads === 2 && existsSync(mnist) && 'mnist'.startsWith(wanted)) cases.push(await compareMnist(ours, peer))
  if ('blocks'.startsWith(wanted)) cases.push(await compareSources(ours, threads))
  ours.close()
  peer?.close()
}
if (wanted === '') await record('training', cases, versions)

async function compare (ours: Side, peer: Side | undefined, { net, optimizer, aim, steps }: Measured, threads: number): Promise<Case> {
  // Reported beside, without an aim; torch.compile takes half a minute per net, so only where it matters.
  const isCompared = aim !== null && optimizer === 'sgd' && threads === 2
  const modes = ['eager', ...(isCompared ? ['compile'] : []), ...(isCompared && net.startsWith('cnn') ? ['channels_last'] : [])]
  const times = { ours: [] as number[], eager: [] as number[], peer: new Map<string, number[]>(modes.map(mode => [mode, []])) }
  for (let i = 0; i < REPETITIONS; i++) {
    times.ours.push((await ours.ask({ net, optimizer, mode: 'compiled', steps })).ms!)
    for (const mode of peer === undefined ? [] : modes) {
      const { ms } = await peer!.ask({ net, optimizer, mode, steps })
      if (ms !== undefined) times.peer.get(mode)!.push(ms)
    }
    times.eager.push((await ours.ask({ net, optimizer, mode: 'eager', steps: Math.ceil(steps / 4) })).ms!)
  }
  const eager = times.peer.get('eager')!
  const also = Object.fromEntries([['tfjs eager', times.eager] as const, ...[...times.peer].filter(([mode]) => mode !== 'eager').map(([mode, list]) => [`PyTorch ${mode}`, list] as const)]
    .filter(([, list]) => list.length > 0).map(([name, list]) => [name, summarise(list)]))
  process.stdout.write(`${net} ${optimizer}, ${threads} threads: ours ${Math.min(...times.ours).toFixed(3)} ms, PyTorch ${Math.min(...eager).toFixed(3)} ms\n`)
  return {
    name: `${net} ${optimizer}, ${threads} threads`,
    unit: 'ms/step',
    better: 'lower',
    ours: summarise(times.ours),
    peer: eager.length === 0 ? null : { name: 'PyTorch eager', ...summarise(eager) },
    also,
    aim: eager.length === 0 ? null : aim
  }
}

async function compareMnist (ours: Side, peer: Side | undefined): Promise<Case> {
  const times = { ours: [] as number[], peer: [] as number[] }
  for (let i = 0; i < MNIST_REPETITIONS; i++) {
    times.ours.push((await ours.ask({ mnist })).seconds!)
    if (peer !== undefined) times.peer.push((await peer.ask({ mnist })).seconds!)
  }
  return {
    name: 'MNIST cnn 32-64-128, 3 epochs with evaluation, 2 threads',
    unit: 's',
    better: 'lower',
    ours: summarise(times.ours),
    peer: times.peer.length === 0 ? null : { name: 'PyTorch eager', ...summarise(times.peer) },
    aim: times.peer.length === 0 ? null : 0.6
  }
}

/** Data that streams through the device in blocks beside the same data kept there: what streaming costs a step. */
async function compareSources (ours: Side, threads: number): Promise<Case> {
  const net = 'mlp 784-256-10'
  const times = { blocks: [] as number[], resident: [] as number[] }
  for (let i = 0; i < REPETITIONS; i++) {
    for (const source of ['blocks', 'resident'] as const) times[source].push((await ours.ask({ net, source, steps: 1500 })).ms!)
  }
  process.stdout.write(`${net} sgd, ${threads} threads: in blocks ${Math.min(...times.blocks).toFixed(3)} ms, resident ${Math.min(...times.resident).toFixed(3)} ms\n`)
  return {
    name: `${net} sgd, data in blocks of 8 MB, ${threads} threads`,
    unit: 'ms/step',
    better: 'lower',
    ours: summarise(times.blocks),
    peer: { name: 'ours, data resident', ...summarise(times.resident) },
    aim: null
  }
}
