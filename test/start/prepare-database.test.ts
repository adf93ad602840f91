/** Databases of other people: with tables that are not ours, users who may not, a newer version. One sentence each. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test, type TestContext } from 'node:test'
import pg from 'pg'
import { v7 as newId } from 'uuid'
import { OperatorError } from '../../src/errors.js'
import { prepareDatabase } from '../../src/start/prepare-database.js'
import { openBoss } from '../../src/jobs/boss.js'
import { createTestDatabase } from '../helpers/database.js'
import { temporaryFolder } from '../helpers/folder.js'

/** Expects a refusal in one line, with nothing of the password. */
async function refused (url: string, message: RegExp): Promise<void> {
  await assert.rejects(prepareDatabase(url, assert.fail), (error: Error) => {
    assert.ok(error instanceof OperatorError, error.stack)
    assert.match(error.message, message)
    assert.doesNotMatch(error.message, /\n|secret/)
    return true
  })
}

async function run (url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await client.query(sql)
  } finally {
    await client.end()
  }
}

/** Makes a user who may log in and nothing else; it goes with the test, after its database. */
async function makeUser (t: TestContext, url: string): Promise<{ role: string, url: string }> {
  const role = `user_${newId().replaceAll('-', '')}`
  await run(url, `create role ${role} login password 'secret'`)
  const server = new URL(url)
  server.pathname = '/postgres'
  t.after(() => run(server.href, `drop role ${role}`))
  const own = new URL(url)
  own.username = role
  own.password = 'secret'
  return { role, url: own.href }
}

const databaseOf = (url: string): string => new URL(url).pathname.slice(1)

test('a database with tables of another application is refused, and left as it is', async t => {
  const url = await createTestDatabase(t, { empty: true })
  await run(url, 'create table invoice (id int); create table customer (id int); create view paid as select 1; create table zebra (id int)')
  await refused(url, new RegExp(`^The database ${databaseOf(url)} holds tables of another application \\(customer, invoice, paid and 1 more\\): make one for Descent Lab alone, as in "create database descent_lab", and name it in DATABASE_URL$`))
  const { rows } = await run(url, "select relname from pg_class where relnamespace = 'public'::regnamespace order by 1")
  assert.deepEqual(rows.map(row => row.relname), ['customer', 'invoice', 'paid', 'zebra'])
})

test('serve and work end with 1 and that sentence alone', async t => {
  const url = await createTestDatabase(t, { empty: true })
  await run(url, 'create table invoice (id int)')
  for (const command of ['serve', 'work']) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [new URL('../../src/main.js', import.meta.url).pathname, command], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, DATABASE_URL: url, DATA_DIR: temporaryFolder(), PORT: '0' }, encoding: 'utf8'
    })
    assert.deepEqual([status, stdout], [1, ''])
    assert.match(stderr, /^The database \w+ holds tables of another application \(invoice\): [^\n]+\n$/)
  }
})

test('a database with migrations of another application is refused', async t => {
  const url = await createTestDatabase(t)
  await run(url, "update _prisma_migrations set migration_name = '20200101000000_shop' || row_number from (select id as other, row_number() over () from _prisma_migrations) as n where id = other")
  await refused(url, new RegExp(`^The database ${databaseOf(url)} belongs to another application \\(it has the migrations 20200101000000_shop1, .*\\): make one for Descent Lab alone`))
})

test('a database of a newer version is refused, and says which migration', async t => {
  const url = await createTestDatabase(t)
  await run(url, "insert into _prisma_migrations (id, checksum, migration_name, finished_at) values ('x', 'x', '99990101000000_future', now())")
  await refused(url, new RegExp(`^The database ${databaseOf(url)} is that of a newer version of Descent Lab \\(it has the migration 99990101000000_future, which this version does not know\\): start the newer version, or name another database in DATABASE_URL$`))
})

test('a user without rights is told which, step by step, until all is made', async t => {
  const url = await createTestDatabase(t, { empty: true })
  const database = databaseOf(url)
  const user = await makeUser(t, url)
  await run(url, 'revoke all on schema public from public')
  await refused(user.url, new RegExp(`^The user ${user.role} may not make tables in the schema public of the database ${database}: have the owner of the database run "grant usage, create on schema public to ${user.role}"$`))
  await run(url, `grant usage on schema public to ${user.role}`)
  await refused(user.url, /may not make tables in the schema public/)
  await run(url, `grant usage, create on schema public to ${user.role}`)
  await refused(user.url, new RegExp(`^The user ${user.role} may not make the schema pgboss, for the job queue, in the database ${database}: have the owner of the database run "grant create on database ${database} to ${user.role}"$`))
  await run(url, `grant create on database ${database} to ${user.role}`)
  const said: string[] = []
  await prepareDatabase(user.url, line => { said.push(line) })
  assert.match(said[0]!, /^Applied the migration /)
  const boss = await openBoss(user.url, { onError: assert.fail })
  await boss.stop({ graceful: false })
})

test('a user who may only look at what another made is told so', async t => {
  const url = await createTestDatabase(t)
  const user = await makeUser(t, url)
  await refused(user.url, /^The database cannot be used \(permission denied for table _prisma_migrations\): name the user who made its tables in DATABASE_URL$/)
  await run(url, `create schema pgboss; grant select on all tables in schema public to ${user.role}`)
  await refused(user.url, new RegExp(`^The user ${user.role} may not use the schema pgboss of the database ${databaseOf(url)}: name the user who made it`))
})

test('a database that is read only is named as such', async t => {
  const url = await createTestDatabase(t, { empty: true })
  await run(url, `alter database ${databaseOf(url)} set default_transaction_read_only = on`)
  await refused(url, new RegExp(`^The database ${databaseOf(url)} is read-only for \\w+: name the primary server, and a user who may write, in DATABASE_URL$`))
})

test('what an extension brought is nobody\'s application', async t => {
  const url = await createTestDatabase(t, { empty: true })
  await run(url, 'create table spatial_ref_sys (id int); alter extension plpgsql add table spatial_ref_sys')
  await prepareDatabase(url, () => {})
  await prepareDatabase(url, assert.fail)
})
