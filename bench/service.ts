/**
 * How fast the service is over HTTP and WebSocket on loopback (`npm run bench:service`), whatever the trials compute:
 * submissions and charts (service/database.ts), streams (service/streams.ts). The service runs no trial meanwhile.
 */
import { rmSync } from 'node:fs'
import { openDatabase } from '../src/storage/database.js'
import { startPostgres } from '../src/start/embedded-postgres.js'
import { makeTemporaryFolder } from '../test/helpers/folder.js'
import { operatorKey, startService } from '../test/helpers/service.js'
import { record } from './record.js'
import { measureDatabase, submission } from './service/database.js'
import { measureStreams } from './service/streams.js'

const closers: (() => unknown)[] = []
const folder = makeTemporaryFolder()
try {
  const postgres = await startPostgres(folder)
  closers.push(async () => { await postgres.stop() })
  const service = await startService({ after: close => { closers.push(close as () => unknown) } }, { DATABASE_URL: postgres.url })
  await service.json('PATCH', '/v1/team/quotas', { maxRunningTrials: 0 })
  const db = openDatabase(postgres.url)
  closers.push(async () => { await db.close() })
  const streams = await measureStreams({
    url: service.url(),
    key: operatorKey,
    db,
    async makeExperiment () {
      const { id, trials: [trial] } = await service.json('POST', '/v1/experiments', submission)
      return { experimentId: id, trialId: trial.id }
    }
  })
  await record('service', [...streams, ...await measureDatabase(service, postgres.url)], { node: process.version })
} finally {
  for (const close of closers.reverse()) await close()
  rmSync(folder, { recursive: true, force: true })
}
