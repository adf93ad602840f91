/** The database as lines, and back: no table is left out. The commands that use it: test/faults/backup.test.ts. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withTransaction } from '../../src/storage/database.js'
import { dumpLines, loadDump } from '../../src/storage/dump.js'
import { forTeam } from '../../src/storage/team-store.js'
import { openTestDatabase } from '../helpers/database.js'
import { makeModel, makeTeam, newDataset, newExperiment } from './fixtures.js'

test('loadDump: what reads a model still keeps it in a database that was filled from a dump', async t => {
  const db = await openTestDatabase(t)
  const team = await makeTeam(db)
  const { modelId, experimentId } = await makeModel(db, team, await team.datasets.create(newDataset()))
  await db.prisma.experiment.update({ where: { id: experimentId }, data: { state: 'succeeded' } })
  const { id } = await team.experiments.create(newExperiment(undefined, { modelIds: [modelId] }))
  const lines: string[] = []
  await withTransaction(db.pool, async client => { for await (const line of dumpLines(client)) lines.push(line) })

  const restored = await openTestDatabase(t)
  const client = await restored.pool.connect()
  const counts = await loadDump(client, piecesOf(lines)).finally(() => { client.release() })
  assert.deepEqual([counts.experiment, counts.experiment_model], [2, 1])
  const users = [{ type: 'experiment', id, name: 'An experiment' }]
  await assert.rejects(forTeam(restored, team.teamId).experiments.remove(experimentId), { code: 'in_use', extra: { users } })
})

async function * piecesOf (lines: string[]): AsyncGenerator<string> {
  yield * lines
}
