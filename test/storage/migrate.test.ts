/** The migrations and the schema say the same, and applying them is safe to repeat, to do twice at once, to interrupt. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDatabase } from '../../src/storage/database.js'
import { migrate, readMigrations } from '../../src/storage/migrate.js'
import { openSchemaEngine } from '../../src/storage/schema-engine.js'
import { createTestDatabase } from '../helpers/database.js'

test('migrations: the migrated database is what schema.prisma says', async t => {
  const engine = await openSchemaEngine(await createTestDatabase(t))
  t.after(() => engine.close())
  assert.equal(await engine.diff(), '')
})

test('migrations: an empty database is not what schema.prisma says', async t => {
  const engine = await openSchemaEngine(await createTestDatabase(t, { empty: true }))
  t.after(() => engine.close())
  assert.match(await engine.diff(), /CREATE TABLE "trial"/)
})

test('migrate: applies everything once and nothing the second time', async t => {
  const url = await createTestDatabase(t, { empty: true })
  const names = (await readMigrations()).map(({ name }) => name)
  assert.deepEqual(await migrate(url), names)
  assert.deepEqual(await migrate(url), [])
})

test('migrate: of four at once one applies and the others wait for it', async t => {
  const url = await createTestDatabase(t, { empty: true })
  const names = (await readMigrations()).map(({ name }) => name)
  const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(url)))
  assert.deepEqual(applied.flat(), names)
})

test('migrate: one that died before its script was committed is applied again', async t => {
  const url = await createTestDatabase(t, { empty: true })
  await migrate(url)
  await run(url, 'drop schema public cascade; create schema public')
  await insertUnfinished(url)
  assert.equal((await migrate(url)).length, (await readMigrations()).length)
  assert.deepEqual(await migrate(url), [])
})

test('migrate: one that died after its script was committed is taken as applied', async t => {
  const url = await createTestDatabase(t)
  await run(url, 'update _prisma_migrations set finished_at = null')
  assert.deepEqual(await migrate(url), [])
  assert.deepEqual(await migrate(url), [])
})

test('migrate: a database of a newer version is refused', async t => {
  const url = await createTestDatabase(t)
  await run(url, 'insert into _prisma_migrations (id, checksum, migration_name, finished_at) values (\'x\', \'x\', \'99990101000000_future\', now())')
  await assert.rejects(migrate(url), /99990101000000_future, which this version does not know/)
})

test('migrate: a migration that was edited after it was applied is refused', async t => {
  const url = await createTestDatabase(t)
  await run(url, "update _prisma_migrations set checksum = 'other'")
  await assert.rejects(migrate(url), /must not change after it was applied/)
})

async function run (url: string, sql: string): Promise<void> {
  const db = openDatabase(url)
  try {
    await db.pool.query(sql)
  } finally {
    await db.close()
  }
}

/** What a process leaves that dies between noting a migration and committing its script. */
async function insertUnfinished (url: string): Promise<void> {
  const [first] = await readMigrations()
  await run(url, `
    create table _prisma_migrations (id varchar(36) primary key not null, checksum varchar(64) not null, finished_at timestamptz,
      migration_name varchar(255) not null, logs text, rolled_back_at timestamptz, started_at timestamptz not null default now(),
      applied_steps_count integer not null default 0);
    insert into _prisma_migrations (id, checksum, migration_name) values ('dead', 'dead', '${first!.name}')`)
}
