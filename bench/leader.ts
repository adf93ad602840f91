/**
 * Workers of leader-sgd in two threads beside one worker, and beside PyTorch's DistributedDataParallel in two processes, in
 * samples per second; and what an exchange takes (`npm run bench:leader`; `npm run bench:peers` installs PyTorch first).
 * All take turns in one run. Two threads each have one of TensorFlow: on a machine with fewer than two cores nothing is shown.
 */
import { fileURLToPath } from 'node:url'
import { environment } from '../src/jobs/executor-process.js'
import { BATCH, nets, type Net } from './leader/cases.js'
import { exchanging, type Exchanging } from './leader/exchange.js'
import type { Answer, Request } from './leader/ours.js'
import { record, summarise, type Case } from './record.js'
import { openPeer, openSide, type Side } from './side.js'

const REPETITIONS = 3

type Ours = Side<Request | { exchange: Exchanging }, Answer>
type Peer = Side<{ net: string, steps: number, batch: number }, Answer>

const environmentOf = (threads: number): Record<string, string> =>
  ({ ...environment({ device: 'cpu', threads, gpuMemoryPercent: 100, kernelCache: undefined }), OMP_NUM_THREADS: '1' })

async function openOurs (threads: number): Promise<Ours> {
  return await openSide(process.execPath, [fileURLToPath(new URL('leader/ours.js', import.meta.url))], environmentOf(threads))
}

/** Two cases of a net: beside one worker, and beside PyTorch. */
async function compare ({ name, steps, aim }: Net, ours: { one: Ours, two: Ours }, peer: Peer | undefined): Promise<Case[]> {
  const rates: Record<'crew' | 'dataParallel' | 'alone' | 'aloneWithTwo' | 'peer', number[]> =
    { crew: [], dataParallel: [], alone: [], aloneWithTwo: [], peer: [] }
  const ask = async (side: Ours, method: Request['method'], workers: number): Promise<number> =>
    (await side.ask({ net: name, method, workers, threads: workers })).samplesPerSecond!
  for (let i = 0; i < REPETITIONS; i++) {
    rates.crew.push(await ask(ours.one, 'lsgd', 2))
    rates.alone.push(await ask(ours.one, 'sgd', 1))
    rates.aloneWithTwo.push(await ask(ours.two, 'sgd', 1))
    rates.dataParallel.push(await ask(ours.one, 'data-parallel', 2))
    if (peer) rates.peer.push((await peer.ask({ net: name, steps, batch: BATCH })).samplesPerSecond!)
  }
  const common = { unit: 'samples/s', better: 'higher' as const, ours: summarise(rates.crew) }
  return [
    {
      ...common,
      name: `${name}: lsgd, 2 workers in 2 threads, beside 1 worker`,
      peer: { name: '1 worker, 1 thread', ...summarise(rates.alone) },
      also: { '1 worker, 2 threads': summarise(rates.aloneWithTwo) },
      aim
    },
    {
      ...common,
      name: `${name}: lsgd, 2 workers in 2 threads, beside PyTorch`,
      peer: peer ? { name: 'DistributedDataParallel on gloo, 2 processes', ...summarise(rates.peer) } : null,
      also: { 'data-parallel, 2 workers in 2 threads': summarise(rates.dataParallel) },
      aim: peer ? 1 : null
    }
  ]
}

async function compareExchange (ours: Ours, method: Exchanging): Promise<Case> {
  const [taken, waiting]: [number[], number[]] = [[], []]
  for (let i = 0; i < REPETITIONS; i++) {
    const { exchangeMs, waitingMs } = await ours.ask({ exchange: method })
    taken.push(exchangeMs!)
    waiting.push(waitingMs!)
  }
  return {
    name: `exchange of 1,000,000 weights, ${method}, 2 workers in 2 threads`,
    unit: 'ms',
    better: 'lower',
    ours: summarise(taken),
    peer: null,
    also: { 'waiting at the barrier, beside it': summarise(waiting) },
    aim: 5
  }
}

const ours = { one: await openOurs(1), two: await openOurs(2) }
const peer: Peer | undefined = await openPeer('leader/peer.py', 'PyTorch', environmentOf(1))
const cases: Case[] = []
for (const net of nets) cases.push(...await compare(net, ours, peer))
for (const method of exchanging) cases.push(await compareExchange(ours.one, method))
const versions = { ...ours.one.hello, ...peer?.hello }
for (const side of [ours.one, ours.two, peer]) side?.close()
await record('leader', cases, versions)
