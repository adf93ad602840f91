/** What a user does with a service that has just started: an experiment of every kind, watched to its end, and its report. */
import assert from 'node:assert/strict'
import { operatorKey, type Api, type Frame } from '../helpers/service.js'

const kinds = ['adversarial-bias', 'frequency-principle', 'leader-sgd', 'learned-initialization', 'tracin', 'tracin-approximation']

/** A net for a stream that falls silent. */
const PATIENCE_MS = 300_000

/**
 * Runs the quick presets.
 * @param watched  the API at which they are followed, if that is another one
 * @returns what was seen, in words
 */
export async function visit (api: Api, watched: Api = api): Promise<string> {
  const announced: string[] = []
  for (const kind of kinds) {
    const { id } = await api.json('POST', '/v1/experiments', { kind, preset: 'quick' })
    const frames = await follow(watched, id)
    assert.deepEqual(frames.map(frame => frame.seq), frames.map((_, i) => i + 1), `${kind}: every event once, in order`)
    const { state } = await watched.json('GET', `/v1/experiments/${id}`)
    const { verdict } = await watched.json('GET', `/v1/experiments/${id}/report`)
    assert.equal(state, 'succeeded', `${kind} ended as ${state}`)
    assert.equal(typeof verdict.holds, 'boolean')
    announced.push(`${kind} ${state}`)
  }
  const { items } = await api.json<{ items: { lanes: { backend: string }[] }[] }>('GET', '/v1/nodes')
  const backends = new Set(items.flatMap(node => node.lanes.map(lane => lane.backend)))
  return `${[...backends].join(', ')}; ${announced.join(', ')}`
}

/** Asks the newest model for a prediction: for that its bytes must be there. */
export async function predict (api: Api): Promise<void> {
  const { items: [model] } = await api.json('GET', '/v1/models')
  await api.json('POST', `/v1/models/${model.id}/predict`, { queries: [{ split: 'test', index: 0 }] })
}

/** Follows an experiment as server-sent events. @returns its events; the stream must end by itself */
async function follow (api: Api, id: string): Promise<Frame[]> {
  const response = await fetch(`${api.url()}/v1/experiments/${id}/events`, {
    headers: { authorization: `Bearer ${operatorKey}`, accept: 'text/event-stream' }, signal: AbortSignal.timeout(PATIENCE_MS)
  })
  assert.equal(response.status, 200)
  // The stream ends with the experiment.
  const frames = (await response.text()).split('\n').filter(line => line.startsWith('data: ')).map(line => JSON.parse(line.slice(6)) as Frame)
  assert.equal(frames.at(-1)?.type, 'end')
  return frames.filter(frame => frame.seq !== undefined && !['hello', 'head', 'end'].includes(frame.type))
}
