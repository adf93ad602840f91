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

/** What is done to an experiment when so many metrics have come. */
export type Disturbances = Record<number, (id: string) => Promise<void>>

/** Runs an experiment to its end; every disturbance must have taken place. */
export async function runOne (service: Api, body: object, disturbances: Disturbances = {}): Promise<Ended> {
  const { id, trials: [trial] } = await service.json('POST', '/v1/experiments', body)
  let count = 0
  const doing: Promise<void>[] = []
  const frames = await follow(service, id, frame => {
    const disturb = frame.type === 'metrics' ? disturbances[++count] : undefined
    if (disturb) doing.push(disturb(id))
  })
  await Promise.all(doing)
  assert.equal(doing.length, Object.keys(disturbances).length)
  const { outcome, attempts: [attempts = 0] } = await readOutcome(service, id, frames)
  const { result } = await service.json('GET', `/v1/trials/${trial.id}`)
  return { outcome, attempts, frames, result, weights: await weightsOf(service, trial.id) }
}

async function weightsOf (service: Api, trialId: string): Promise<string[]> {
  const { items } = await service.json<{ items: { id: string }[] }>('GET', `/v1/trials/${trialId}/checkpoints`)
  return await Promise.all(items.map(async ({ id }) => {
    const file = await (await service.request('GET', `/v1/checkpoints/${id}/weights`)).arrayBuffer()
    const header = Number(new DataView(file).getBigUint64(0, true)) // of safetensors: it names the trial
    return createHash('sha256').update(new Uint8Array(file, 8 + header)).digest('hex')
  }))
}

/** Pauses an experiment of one trial, and resumes it when it stands. */
export async function pauseAndResume (service: Api, id: string): Promise<void> {
  await service.json('POST', `/v1/experiments/${id}/pause`)
  while ((await service.json('GET', `/v1/experiments/${id}`)).trials[0].state !== 'paused') await delay(50)
  await service.json('POST', `/v1/experiments/${id}/resume`)
}
