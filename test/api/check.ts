/**
 * The API under schemathesis (`npm run check:api`): all its checks over openapi.json, as operator, member and viewer of a
 * team that has run experiments, with real ids. What is left out stands in schemathesis.toml, with why.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { test } from 'node:test'
import { projectRoot } from '../../src/paths.js'
import { installPython } from '../../scripts/python-tools.js'
import { follow, operatorKey, startService, type Service } from '../helpers/service.js'

const folder = path.join(projectRoot, 'test', 'api')
/** Seconds for every role: schemathesis tries further inputs until they are spent. */
const budget = process.env.API_CHECK_SECONDS ?? '150'
const programs = installPython('api-tools', ['schemathesis==4.32.5'])

/** Where schemathesis finds its hooks. */
const python = { SCHEMATHESIS_HOOKS: 'hooks', PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1' }

type Ids = Record<string, string>

/** Runs one experiment of a kind to its end. */
async function run (service: Service, kind: string): Promise<{ id: string, trials: { id: string }[] }> {
  const experiment = await service.json('POST', '/v1/experiments', { kind, preset: 'quick' })
  await follow(service, experiment.id)
  return experiment as { id: string, trials: { id: string }[] }
}

/** Makes one of everything. @returns ids to look at, and ids that may be deleted */
async function makeEverything (service: Service): Promise<{ ids: Ids, spare: Ids, figure: string }> {
  const { id: experiments, trials } = await run(service, 'tracin')
  const spare = await run(service, 'frequency-principle')
  const models = (await service.json('GET', `/v1/models?experimentId=${experiments}`)).items[0].id
  const { items: [checkpoint] } = await service.json('GET', `/v1/trials/${trials[0]!.id}/checkpoints`)
  const datasets = (await service.json('GET', '/v1/datasets')).items[0].id
  const made = await service.json('POST', '/v1/datasets', { name: 'spare', source: { generator: { type: 'blobs', train: 10, test: 5 } } })
  const { queryId } = await ask(service, models)
  const [kept, revoked] = [await makeKey(service, 'viewer'), await makeKey(service, 'viewer')]
  const figure = (await service.json('GET', `/v1/experiments/${experiments}/report`)).figures[0].name
  return {
    ids: {
      experiments,
      trials: trials[0]!.id,
      models,
      checkpoints: checkpoint.id,
      artifacts: await findArtifact(service),
      datasets,
      queries: queryId,
      keys: kept.id
    },
    spare: { experiments: spare.id, datasets: made.id, keys: revoked.id },
    figure
  }
}

/** A picture of a probe: the presets that are quick make none. */
async function findArtifact (service: Service): Promise<string> {
  const data = { generator: { type: 'blobs', train: 64, test: 16 } }
  const spec = { data, network: { type: 'softmax' }, epochs: 2, labelNoise: { kind: 'none' }, frequencyProbe: { examples: 16 } }
  const experiment = await service.json('POST', '/v1/experiments', { kind: 'tracin', spec })
  await follow(service, experiment.id)
  return (await service.json('GET', `/v1/trials/${experiment.trials[0].id}/artifacts`)).items[0].id
}

/** A question is kept when its answer took longer, so a few thousand predictions at once make sure of one. */
async function ask (service: Service, model: string): Promise<{ queryId: string }> {
  for (;;) {
    const asked = await Promise.all(Array.from({ length: 30 }, async () => await service.json('POST', `/v1/models/${model}/predict`, {
      queries: Array.from({ length: 1000 }, () => ({ split: 'test', index: 0 }))
    })))
    const late = asked.find(one => one.queryId !== undefined)
    if (late !== undefined) return { queryId: late.queryId }
  }
}

async function makeKey (service: Service, role: string): Promise<{ id: string, secret: string }> {
  return await service.json('POST', '/v1/team/keys', { name: `of the check, ${role}`, role })
}

test('schemathesis finds nothing, as operator, member and viewer', async t => {
  const service = await startService(t)
  const { ids, spare, figure } = await makeEverything(service)
  // What is submitted from here on is stored and not run: the check is of the API.
  await service.json('PATCH', '/v1/team/quotas', { maxRunningTrials: 0 })
  const [viewer, member] = [await makeKey(service, 'viewer'), await makeKey(service, 'member')]
  const keys = { viewer: viewer.secret, member: member.secret, operator: operatorKey }
  for (const [role, key] of Object.entries(keys)) {
    await t.test(role, () => {
      const { status } = spawnSync(path.join(programs, 'st'), [
        '--config-file', path.join(folder, 'schemathesis.toml'), 'run', path.join(projectRoot, 'openapi', 'openapi.json'),
        '--url', service.url(), '--header', `Authorization: Bearer ${key}`, '--max-time', budget, '--continue-on-failure', '--no-color'
      ], {
        stdio: 'inherit', cwd: folder, env: { ...process.env, ...python, IDS: JSON.stringify(ids), SPARE: JSON.stringify(spare), FIGURE: figure }
      })
      assert.equal(status, 0, `schemathesis found something as ${role}`)
    })
  }
})
