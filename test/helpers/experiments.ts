/** What a user does with a service, from the submission to the answer: trains, and asks what was trained. */
import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { follow, type Service } from './service.js'

export interface Trained {
  /** of the experiment */
  id: string
  /** from the submission to the end of the stream */
  seconds: number
  /** of the newest model, where the kind makes one */
  modelId: string | undefined
}

/** Submits an experiment, follows it, and makes sure that it succeeded. */
export async function train (service: Service, body: object): Promise<Trained> {
  const started = performance.now()
  const { id } = await service.json('POST', '/v1/experiments', body)
  await follow(service, id)
  const seconds = (performance.now() - started) / 1000
  const { state, failure } = await service.json('GET', `/v1/experiments/${id}`)
  assert.equal(state, 'succeeded', JSON.stringify(failure))
  const { items: [model] } = await service.json('GET', `/v1/models?experimentId=${id}`)
  return { id, seconds, modelId: model?.id }
}

/** The same for a kind that makes a model. */
export async function trainModel (service: Service, body: object): Promise<Trained & { modelId: string }> {
  const { modelId, ...trained } = await train(service, body)
  assert.ok(modelId !== undefined, 'the experiment made no model')
  return { ...trained, modelId }
}

interface Problem { code: string, detail: string }

/** Asks a model, and waits for as long as the answer takes. @returns the answer, or why there is none */
async function askFor<Answer> (service: Service, where: string, request: object): Promise<{ answer: Answer } | { problem: Problem }> {
  const response = await service.request('POST', where, request)
  const body = await response.json() as Answer & Problem & { queryId: string }
  if (response.status >= 400) return { problem: body }
  if (response.status !== 202) return { answer: body }
  for (;;) {
    const { state, response, failure } = await service.json('GET', `/v1/queries/${body.queryId}`)
    if (state === 'succeeded') return { answer: response }
    if (failure) return { problem: { code: failure.code, detail: failure.message } }
    await delay(50)
  }
}

/** Asks a model, however long the answer takes. */
export async function ask<Answer> (service: Service, where: string, request: object): Promise<Answer> {
  const asked = await askFor<Answer>(service, where, request)
  assert.ok('answer' in asked, JSON.stringify(asked))
  return asked.answer
}

/** Asks a model what it cannot answer. @returns why, however long it takes to find out */
export async function askInVain (service: Service, where: string, request: object): Promise<Problem> {
  const asked = await askFor(service, where, request)
  assert.ok('problem' in asked, JSON.stringify(asked))
  return asked.problem
}
