/**
 * An experiment of two methods that have their warm-up in common, which takes a lane of two slots for each trial: the second
 * begins where the first one's warm-up ended. Whatever happens meanwhile, each comes to what it does that makes its own.
 */
import { follow, type Api, type Frame } from '../helpers/service.js'
import { weightsOf } from './disturb.js'
import { readOutcome } from './experiments.js'

/** Both are at work for seconds after the warm-up: there is time to do something to them. */
const methods = [{ type: 'pce' }, { type: 'adm', every: 400 }]

/** The request of both, or of those that are given. */
export const sharing = (which: object[] = methods): object => ({
  kind: 'adm-segmentation',
  spec: {
    data: { generator: { type: 'scenes', size: 16, shapes: 1, train: 8, test: 2, seed: 3 } },
    network: { type: 'conv', filters: [4] },
    warmup: 200,
    epochs: 800,
    batchSize: 4,
    seeds: [1],
    slots: 1,
    crew: 2,
    methods: which
  }
})

/** What became of a trial. */
export interface Sharer {
  /** all that must be the same whoever made its warm-up */
  came: unknown
  /** whether it began where another one had been */
  tookOver: boolean
  /** of its attempts */
  nodes: string[]
}

/** Reads what became of each trial of an experiment that has ended, and checks its stream. @param frames all that it told */
export async function readSharers (api: Api, id: string, frames: Frame[]): Promise<Sharer[]> {
  const { outcome } = await readOutcome(api, id, frames)
  const { trials } = await api.json<{ trials: { id: string }[] }>('GET', `/v1/experiments/${id}`)
  return await Promise.all(trials.map(async ({ id }, i) => {
    const { result, attempts } = await api.json('GET', `/v1/trials/${id}`)
    const { items: artifacts } = await api.json('GET', `/v1/trials/${id}/artifacts?limit=100`)
    const { yielded, ...told } = outcome.trials[i]!
    const isBeginning = (event: unknown): boolean => {
      const [type, { text }] = event as [string, { text: string }]
      return type === 'log' && /^Begins at step \d+, where /.test(text)
    }
    return {
      came: {
        ...told,
        yielded: yielded.filter(event => !isBeginning(event)),
        result,
        weights: await weightsOf(api, id),
        artifacts: artifacts.map(({ name, step, sha256 }: Record<string, unknown>) => ({ name, step, sha256 }))
      },
      tookOver: yielded.some(isBeginning),
      nodes: attempts.map(({ nodeId }: { nodeId: string }) => nodeId)
    }
  }))
}

/** Runs each method in an experiment of its own. @returns what it comes to, in their order */
export async function runApart (api: Api): Promise<unknown[]> {
  const came: unknown[] = []
  for (const method of methods) {
    const { id } = await api.json('POST', '/v1/experiments', sharing([method]))
    came.push(...(await readSharers(api, id, await follow(api, id))).map(one => one.came))
  }
  return came
}
