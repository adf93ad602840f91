/**
 * Ten small experiments of both kinds, and all that is known of one when it has ended, without what every run makes anew
 * (ids, times): two runs of one spec must agree in it, whatever happened to the service meanwhile.
 */
import assert from 'node:assert/strict'
import { follow, yielded, type Api, type Frame } from '../helpers/service.js'

const tracin = (seeds: number[], more: object = {}): object => ({
  kind: 'tracin',
  spec: {
    data: { generator: { type: 'glyphs', classes: 10, train: 400, test: 100, noise: 0.05, seed: 3 } },
    network: { type: 'mlp', hidden: [32] },
    optimizer: { learningRate: 0.05, momentum: 0.9 },
    epochs: 20,
    batchSize: 16,
    checkpoints: { type: 'every', epochs: 5 },
    labelNoise: { kind: 'random', fraction: 0.1 },
    slots: 1,
    seeds,
    ...more
  }
})

const frequency = (optimizer: object): object => ({
  kind: 'frequency-principle',
  spec: {
    target: { type: 'sines', terms: [{ frequency: 1 }, { frequency: 3 }], points: 128 },
    network: { hidden: [30] },
    optimizers: [optimizer],
    seeds: [1]
  }
})

const requests = [
  tracin([1]), frequency({ type: 'bfgs', steps: 200 }), tracin([2, 3]), frequency({ type: 'adam', steps: 3000 }), tracin([4]),
  frequency({ type: 'gd', steps: 6000 }), tracin([5], { batchSize: 8, epochs: 10 }), frequency({ type: 'pso', hidden: [10], steps: 300 }),
  tracin([6]), frequency({ type: 'cg', steps: 300 })
]

/** One that is at work until it is canceled. */
export const endless = {
  kind: 'tracin',
  spec: {
    data: { generator: { type: 'glyphs', classes: 10, train: 1000, test: 200, noise: 0.05, seed: 4 } },
    network: { type: 'mlp', hidden: [64] },
    epochs: 10_000,
    batchSize: 16,
    checkpoints: { type: 'every', epochs: 20 },
    labelNoise: { kind: 'none' },
    seeds: [1]
  }
}

/** What is known of an experiment that has ended. */
export interface Outcome {
  state: string
  failure: unknown
  trials: { arm: string, seed: number, state: string, yielded: unknown[], metrics: { name: string, points: unknown[] }[] }[]
}

export interface Round { outcomes: Outcome[], frames: Frame[][], ids: string[], attempts: number[] }

/**
 * Runs the ten side by side to their ends, each followed over a WebSocket of its own.
 * @param onMetrics called with the number of metrics that all of them together have told so far
 */
export async function runAll (api: Api, onMetrics: (count: number) => void = () => {}): Promise<Round> {
  const ids: string[] = []
  for (const request of requests) ids.push((await api.json('POST', '/v1/experiments', request)).id)
  let count = 0
  const frames = await Promise.all(ids.map(id => follow(api, id, frame => { if (frame.type === 'metrics') onMetrics(++count) })))
  const known = []
  for (const [i, id] of ids.entries()) known.push(await readOutcome(api, id, frames[i]!))
  return { ids, frames, outcomes: known.map(one => one.outcome), attempts: known.flatMap(one => one.attempts) }
}

/**
 * Reads what became of an experiment, and checks its stream: every event once, in order, the same live and stored; its
 * end told once.
 */
export async function readOutcome (api: Api, id: string, frames: Frame[]): Promise<{ outcome: Outcome, attempts: number[] }> {
  assert.deepEqual(frames.map(frame => frame.seq), frames.map((_, i) => i + 1), 'every event once, in order')
  assert.deepEqual(await readStored(api, id), frames, 'what is stored is what was told')
  const ends = frames.filter(frame => frame.trialId === null && frame.type === 'state' && /succeeded|failed|canceled/.test(String(frame.data.state)))
  assert.equal(frames.at(-1), ends.at(-1), 'the end is told last')
  assert.equal(frames.filter(frame => frame.type === 'report').length, ends.length, 'one report')

  const { state, failure, trials, kind } = await api.json('GET', `/v1/experiments/${id}`)
  const { items } = await api.json('GET', `/v1/experiments/${id}/metrics?maxPoints=100000`)
  const timings = await timingsOf(api, kind)
  const attempts = []
  const outcome: Outcome = { state, failure: failure ?? null, trials: [] }
  for (const trial of trials) {
    attempts.push((await api.json('GET', `/v1/trials/${trial.id}`)).attempts.length)
    outcome.trials.push({
      arm: trial.arm,
      seed: trial.seed,
      state: trial.state,
      yielded: yielded(frames.filter(frame => frame.trialId === trial.id)).map(withoutTimings),
      metrics: items.filter((one: { trialId: string, name: string }) => one.trialId === trial.id && !timings.has(one.name))
        .map(({ name, points }: { name: string, points: unknown[] }) => ({ name, points }))
    })
  }
  return { outcome, attempts }
}

async function readStored (api: Api, id: string): Promise<Frame[]> {
  const stored: Frame[] = []
  for (;;) {
    const { items } = await api.json<{ items: Frame[] }>('GET', `/v1/experiments/${id}/events?after=${stored.at(-1)?.seq ?? 0}`)
    if (items.length === 0) return stored
    stored.push(...items)
  }
}

async function timingsOf (api: Api, kind: string): Promise<Set<string>> {
  const { items } = await api.json<{ items: { id: string, metrics: Record<string, { timing?: true }> }[] }>('GET', '/v1/kinds')
  return new Set(Object.entries(items.find(({ id }) => id === kind)!.metrics).filter(([, metric]) => metric.timing).map(([name]) => name))
}

/** `timings` of a metrics event lie outside every equality. */
function withoutTimings (event: unknown): unknown {
  const [type, data] = event as [string, Record<string, unknown>]
  const { timings, ...rest } = data
  return [type, rest]
}
