/** An experiment that something is done to at given points of its way, and what it came to. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { follow, type Api, type Frame } from '../helpers/service.js'
import { readOutcome, type Outcome } from './experiments.js'

export interface Ended {
  outcome: Outcome
  /** of its first trial */
  attempts: number
  frames: Frame[]
  /** of its first trial */
  result: Record<string, unknown>
  /** SHA-256 of the numbers of each of its first trial's checkpoints */
  weights: string[]
}

/** What is done to an experiment when so many metrics have come, or its first model is announced. */
export type Disturbances = Partial<Record<number | 'model', (id: string) => Promise<void>>>

/** Runs an experiment to its end; every disturbance must have taken place. */
export async function runOne (service: Api, body: object, disturbances: Disturbances = {}): Promise<Ended> {
  const { id, frames } = await disturb(service, body, disturbances)
  const { outcome, attempts: [attempts = 0] } = await readOutcome(service, id, frames)
  const { trials: [trial] } = await service.json('GET', `/v1/experiments/${id}`)
  const { result } = await service.json('GET', `/v1/trials/${trial.id}`)
  return { outcome, attempts, frames, result, weights: await weightsOf(service, trial.id) }
}

/** Submits an experiment and follows it to its end; every disturbance must have taken place. */
export async function disturb (service: Api, body: object, disturbances: Disturbances): Promise<{ id: string, frames: Frame[] }> {
  const { id } = await service.json('POST', '/v1/experiments', body)
  const counts = { metrics: 0, model: 0 }
  const doing: Promise<void>[] = []
  const frames = await follow(service, id, ({ type }) => {
    if (type !== 'metrics' && type !== 'model') return
    const count = ++counts[type]
    const disturbance = type === 'metrics' ? disturbances[count] : count === 1 ? disturbances.model : undefined
    if (disturbance) doing.push(disturbance(id))
  })
  await Promise.all(doing)
  assert.equal(doing.length, Object.keys(disturbances).length)
  return { id, frames }
}

/** @returns SHA-256 of the numbers of each of a trial's checkpoints */
export async function weightsOf (service: Api, trialId: string): Promise<string[]> {
  const { items } = await service.json<{ items: { id: string }[] }>('GET', `/v1/trials/${trialId}/checkpoints`)
  return await Promise.all(items.map(async ({ id }) => {
    const file = await (await service.request('GET', `/v1/checkpoints/${id}/weights`)).arrayBuffer()
    const header = Number(new DataView(file).getBigUint64(0, true)) // of safetensors: it names the trial
    return createHash('sha256').update(new Uint8Array(file, 8 + header)).digest('hex')
  }))
}

/** Pauses an experiment, and resumes it when it stands. */
export async function pauseAndResume (service: Api, id: string): Promise<void> {
  await pause(service, id)
  await service.json('POST', `/v1/experiments/${id}/resume`)
}

/** Pauses an experiment, and waits until it stands. */
export async function pause (service: Api, id: string): Promise<void> {
  await service.json('POST', `/v1/experiments/${id}/pause`)
  while ((await service.json('GET', `/v1/experiments/${id}`)).state !== 'paused') await delay(50)
}
