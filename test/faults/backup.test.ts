/** A backup of a service at work, and the service that comes back from it: what it had, and what it goes on with. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { temporaryFolder } from '../helpers/folder.js'
import { until } from '../helpers/processes.js'
import { follow, startService, yielded, type Frame, type Service } from '../helpers/service.js'
import { pause } from './disturb.js'
import { endless } from './experiments.js'
import { readSharers, sharing, type Sharer } from './warmups.js'

const program = new URL('../../src/main.js', import.meta.url).pathname

/** Runs a command to its end. @returns what it printed @throws with stderr */
async function run (args: string[], settings: Record<string, string>): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...settings }
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], { env })
  return stdout
}

/** All that can be asked of a finished experiment. */
async function describe (service: Service, id: string): Promise<Record<string, unknown>> {
  const { trials, ...experiment } = await service.json('GET', `/v1/experiments/${id}`)
  const { items: checkpoints } = await service.json('GET', `/v1/trials/${trials[0].id}/checkpoints`)
  const weights = await (await service.request('GET', `/v1/checkpoints/${checkpoints[0].id}/weights`)).arrayBuffer()
  return {
    experiment,
    trial: await service.json('GET', `/v1/trials/${trials[0].id}`),
    metrics: await service.json('GET', `/v1/experiments/${id}/metrics`),
    report: await service.json('GET', `/v1/experiments/${id}/report`),
    events: await service.json('GET', `/v1/experiments/${id}/events`),
    team: await service.json('GET', '/v1/team'),
    weights: createHash('sha256').update(new Uint8Array(weights)).digest('hex')
  }
}

test('backup of a service at work, and restore', { timeout: 600_000 }, async t => {
  const environment = { SNAPSHOT_SECONDS: '1' }
  const service = await startService(t, environment)
  const backups = temporaryFolder()
  const { id } = await service.json('POST', '/v1/experiments', { kind: 'tracin', preset: 'quick', notes: 'ümläut, "quotes", \\ and \u2028 a line' })
  await follow(service, id)
  const before = await describe(service, id)
  assert.equal((before.experiment as { state: string }).state, 'succeeded')
  const begun = await startSharing(service)
  const { id: running } = await service.json('POST', '/v1/experiments', endless)
  const original: Frame[] = []
  const more = (count: number): Promise<void> => new Promise(resolve => {
    const timer = setInterval(() => {
      if (yielded(original).length < count) return
      clearInterval(timer)
      resolve()
    }, 20)
  })
  const followed = follow(service, running, frame => { original.push(frame) })
  await more(5)
  const said = await run(['backup', backups], { DATA_DIR: service.folder })
  const [, place = ''] = /^Backed up the database and \d+ files of the blob store to (\S+)\n$/.exec(said) ?? assert.fail(said)
  await more(yielded(original).length + 5)
  await service.json('POST', `/v1/experiments/${running}/cancel`)
  await followed
  const shared = await endSharing(service, begun)
  await service.stop()

  await t.test('what is in it is for nobody else', () => {
    const entries = readdirSync(place, { recursive: true }).map(String)
    assert.ok(entries.includes('database.jsonl.gz') && entries.includes('backup.json'))
    assert.equal(statSync(place).mode & 0o077, 0)
    assert.deepEqual(readdirSync(backups), [path.basename(place)])
  })

  const restored = await startRestored(t, place, environment)

  await t.test('all that there was is there again', async () => {
    assert.deepEqual(await describe(restored, id), before)
  })

  await t.test('the trial that was at work goes on from its snapshot, and yields what it did without the break', async () => {
    let canceled: Promise<unknown> | undefined
    const seen: Frame[] = []
    const enough = yielded(original).length
    const frames = await follow(restored, running, frame => {
      seen.push(frame)
      if (yielded(seen).length >= enough) canceled ??= restored.json('POST', `/v1/experiments/${running}/cancel`)
    })
    await canceled
    assert.deepEqual(frames.map(({ seq }) => seq), frames.map((_, i) => i + 1))
    assert.deepEqual(yielded(frames).slice(0, enough), yielded(original))
    assert.ok(!frames.some(({ type, data }) => type === 'log' && /begins anew/.test(String(data.text))))
  })

  await t.test('a warm-up that was made before is taken over after, and both methods come to what they did without the break', async () => {
    assert.deepEqual(shared.map(({ tookOver }) => tookOver), [false, true])
    assert.deepEqual(await endSharing(restored, begun), shared)
  })

  await t.test('a service that is stopped is backed up by a PostgreSQL of the command’s own', async () => {
    await restored.stop()
    const again = await run(['backup', path.join(backups, 'second')], { DATA_DIR: restored.folder })
    assert.match(again, /^Backed up the database and \d+ files/)
  })

  await t.test('restore refuses what is not empty, no backup, or damaged', async () => {
    await assert.rejects(run(['restore', place], { DATA_DIR: restored.folder }), { stderr: /^The deployment must be empty/ })
    await assert.rejects(run(['restore', backups], { DATA_DIR: temporaryFolder() }), { stderr: /must be the folder of a finished backup/ })
    await assert.rejects(run(['backup', backups], { DATA_DIR: temporaryFolder() }), { stderr: /^There is no database in / })
    const blobs = readdirSync(path.join(place, 'blobs'), { recursive: true }).map(String)
    writeFileSync(path.join(place, 'blobs', blobs.find(name => name.length > 60)!), 'other bytes')
    await assert.rejects(run(['restore', place], { DATA_DIR: temporaryFolder() }), { stderr: /the backup is damaged\n$/ })
  })
})

/** Starts two methods with one warm-up, and pauses them when it is made and the second has not begun. @returns the experiment's id */
async function startSharing (service: Service): Promise<string> {
  const { id } = await service.json('POST', '/v1/experiments', sharing())
  const isMade = async (): Promise<boolean> => (await service.json('GET', `/v1/experiments/${id}/events?type=model`)).items.length > 0
  await until(isMade, 'the warm-up is made')
  await pause(service, id)
  return id
}

/** Has them go on to their ends. */
async function endSharing (service: Service, id: string): Promise<Omit<Sharer, 'nodes'>[]> {
  await service.json('POST', `/v1/experiments/${id}/resume`)
  const sharers = await readSharers(service, id, await follow(service, id))
  return sharers.map(({ came, tookOver }) => ({ came, tookOver }))
}

/** Starts a service whose folder was filled by `restore` first. */
async function startRestored (t: Parameters<typeof startService>[0], place: string, environment: Record<string, string>): Promise<Service> {
  let said = ''
  const service = await startService(t, environment, async folder => { said = await run(['restore', place], { DATA_DIR: folder }) })
  assert.match(said, /^Applied [^]*Restored \d+ rows and \d+ files of the backup of \S+Z\n$/)
  return service
}
