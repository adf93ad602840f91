/** One claim over the service: its experiment, found again where a run was killed, followed to its end, and its verdict. */
import { findAlgorithm } from '../../src/algorithms/registry.js'
import { dataPathOf, overridesAt } from '../../test/helpers/inputs.js'
import { follow, type Api } from '../../test/helpers/service.js'
import type { Claim } from './list.js'
import type { Verdict } from './store.js'
import { uploadData } from './uploads.js'

interface Experiment { id: string, state: string, failure?: { code: string, message: string } | null }

/**
 * Runs a claim.
 * @param tag  by what its experiment is found again: changes with all that its numbers depend on
 * @param say  is told how far it is
 * @param keep takes the whole report, before the experiment is deleted
 */
export async function runClaim (
  api: Api, claim: Claim, tag: string, { say, keep }: { say: (line: string) => void, keep: (report: unknown) => void }
): Promise<Verdict> {
  const { items } = await api.json<{ items: Experiment[] }>('GET', `/v1/experiments?tag=${tag}`)
  const left = items.find(({ state }) => state !== 'failed' && state !== 'canceled')
  for (const { id } of items.filter(item => item !== left)) await api.json('DELETE', `/v1/experiments/${id}`)
  const { id } = left ?? await submit(api, claim, tag)
  if (left !== undefined) say('goes on where it was')
  await follow(api, id, ({ type, trialId, data }) => {
    if (type === 'state' && trialId !== null && data.state === 'succeeded') say('a trial is done')
  })
  const { state, failure } = await api.json<Experiment>('GET', `/v1/experiments/${id}`)
  const report = await api.json<{ verdict: Verdict }>('GET', `/v1/experiments/${id}/report`)
  keep(report)
  const { verdict } = report
  await api.json('DELETE', `/v1/experiments/${id}`)
  if (state === 'succeeded') return { claim: verdict.claim, holds: verdict.holds, evidence: verdict.evidence }
  return { claim: verdict.claim, holds: null, evidence: `The experiment ${state}: ${failure?.message ?? 'no trial says why'}. ${verdict.evidence}` }
}

/**
 * Ends what earlier runs have left of claims as they are no longer: nobody looks for it, and it would go first.
 * @param tags  of claims as they are
 */
export async function endOthers (api: Api, tags: ReadonlySet<string>): Promise<void> {
  for (const state of ['queued', 'running', 'paused']) {
    const { items } = await api.json<{ items: (Experiment & { tags: string[] })[] }>('GET', `/v1/experiments?state=${state}&limit=100`)
    for (const { id, tags: own } of items) if (!own.some(tag => tags.has(tag))) await api.json('POST', `/v1/experiments/${id}/cancel`)
  }
}

async function submit (api: Api, { kind, preset, name, overrides, data, maxSeconds }: Claim, tag: string): Promise<Experiment> {
  const algorithm = findAlgorithm(kind)
  const path = dataPathOf(algorithm, algorithm.presets.find(one => one.name === preset)!.spec)
  const uploaded = data === undefined ? {} : overridesAt(path, { datasetId: await uploadData(api, data) })
  return await api.json<Experiment>('POST', '/v1/experiments', {
    kind, preset, name, tags: [tag], maxSeconds, overrides: { ...overrides, ...uploaded }
  })
}
