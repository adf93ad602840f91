/**
 * Our side of `bench:leader`, a process with a number of TensorFlow threads: answers a line {net, method, workers, threads}
 * with {samplesPerSecond} of a trial of the kind as the service runs it, and a line {exchange} with what that takes.
 */
import { createInterface } from 'node:readline'
import { Worker } from 'node:worker_threads'
import { leaderSgd } from '../../src/algorithms/leader-sgd/index.js'
import type { LeaderSpec } from '../../src/algorithms/leader-sgd/spec.js'
import { run } from '../../src/algorithms/leader-sgd/run.js'
import type { RunContext } from '../../src/algorithms/contract.js'
import type { Dataset } from '../../src/datasets/dataset.js'
import { generateDataset } from '../../src/datasets/generators/index.js'
import { createCrewWords, endCrew, viewCrew } from '../../src/jobs/crew.js'
import type { MemberTask } from '../../src/jobs/crew-thread.js'
import { openStream } from '../../src/math/random.js'
import { compileCheck } from '../../src/routes/validation.js'
import { createLoadLock } from '../../src/tensor/load-lock.js'
import { openEngine } from '../../src/tensor/open-engine.js'
import { BATCH, nets, TAU } from './cases.js'
import { measureExchange, type Exchanging } from './exchange.js'

export interface Request { net: string, method: 'lsgd' | 'data-parallel' | 'sgd', workers: number, threads: number }
export interface Answer { samplesPerSecond?: number, exchangeMs?: number, waitingMs?: number }

const seed = 1
const deadlineMs = 120_000
const engineThreads = Number(process.env.TF_NUM_INTRAOP_THREADS)
const loadLock = createLoadLock()
const engine = await openEngine({ backend: 'auto', threads: engineThreads, loadLock })
const generator = { type: 'glyphs', classes: 10, train: 4096, test: 128, noise: 0.05, seed } as const
const { description, train, test } = generateDataset(generator)
const data: Record<string, Dataset> = { data: { id: 'bench', ...description, train, test } }

/** Threads of this process, which is worker 0. */
function openCrews (): { crew: RunContext['crew'], close: () => Promise<void> } {
  const words = createCrewWords()
  const ended: Promise<unknown>[] = []
  return {
    crew (size, entry, shared) {
      for (let worker = 1; worker < size; worker++) {
        const task: MemberTask = { seed, backend: engine.backend, threads: engineThreads, worker, size, entry, shared, words, deadlineMs }
        const thread = new Worker(new URL('./member.js', import.meta.url), { workerData: { task, loadLock } })
        ended.push(new Promise(resolve => { thread.once('exit', resolve) }))
      }
      return viewCrew(words, { size, worker: 0, deadlineMs })
    },
    async close () {
      endCrew(words)
      await Promise.all(ended)
    }
  }
}

/** The clock of the trial itself says what its second half took: compiling comes before. */
async function measure ({ net, method, workers, threads }: Request): Promise<Answer> {
  const { network, steps } = nets.find(({ name }) => name === net)!
  const spec = {
    problem: { type: 'network', data: { generator }, network, batchSize: BATCH, share: 'full' },
    methods: [method === 'lsgd' ? { type: method, tau: TAU } : { type: method }],
    workers,
    steps,
    records: 2,
    learningRate: 0.01,
    execution: threads > 1 ? { type: 'parallel', threads } : { type: 'simulated' },
    seeds: [seed]
  }
  const violations = compileCheck(leaderSgd.spec, { root: 'spec' })(spec)
  if (violations.length > 0) throw new Error(JSON.stringify(violations))
  const { crew, close } = openCrews()
  const trial = leaderSgd.plan(spec as unknown as LeaderSpec)[0]!
  const seconds: number[] = []
  const events = run(trial, {
    random: (purpose, ...keys) => openStream(seed, purpose, ...keys),
    data,
    models: {},
    artifacts: {},
    engine: async () => engine,
    slots: threads,
    threads: engineThreads,
    crew,
    resume: undefined,
    clock: () => performance.now() / 1000
  })
  for await (const event of events) if (event.type === 'metrics') seconds.push(event.values.seconds!)
  await close()
  return { samplesPerSecond: workers * (steps / 2) * BATCH / (seconds[2]! - seconds[1]!) }
}

process.stdout.write(`${JSON.stringify({ backend: engine.backend, ...engine.versions })}\n`)
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as Request | { exchange: Exchanging }
  process.stdout.write(`${JSON.stringify('exchange' in request ? await measureExchange(request.exchange, openCrews) : await measure(request))}\n`)
}
