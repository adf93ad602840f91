/**
 * The database as lines of text, and back: what a backup holds beside the blobs. PostgreSQL's own pg_dump is not among the
 * binaries that npm brings, and would have to be of the server's version. Every row travels as PostgreSQL writes it, so
 * that nothing is rounded. Jobs are left out: what waits for one asks for it again (jobs/lost.ts).
 */
import pg from 'pg'

/** Rows that are read, or written, by one statement. */
const ROWS_AT_ONCE = 500

/** Of our own choosing: held for as long as no blob may be removed (storage/blobs.ts). */
export const REMOVAL_LOCK = 1_684_366_434

/** Sees to it that no blob is removed for as long as the connection lasts. */
export async function blockRemovals (client: pg.ClientBase): Promise<void> {
  await client.query('select pg_advisory_lock($1)', [REMOVAL_LOCK])
}

/** Whether a database has been set up. */
export async function hasTables (client: pg.ClientBase): Promise<boolean> {
  const { rows: [table] } = await client.query("select to_regclass('_prisma_migrations') is not null as there")
  return table.there
}

/** Whether a service works on a database, and whether somebody has used it: a fresh one has its team `default`, and its node. */
export async function describeUse (client: pg.ClientBase): Promise<{ isRunning: boolean, isUsed: boolean }> {
  const { rows: [found] } = await client.query(
    `select exists (select from experiment) or exists (select from dataset) or exists (select from api_key) or (select count(*) from team) > 1 as "isUsed",
       exists (select from pg_stat_activity where datname = current_database() and application_name = 'descent-lab jobs') as "isRunning"`)
  return found
}

/** Reads the database as it is at one moment. */
export async function withSnapshot<T> (client: pg.ClientBase, read: () => Promise<T>): Promise<T> {
  await client.query('begin isolation level repeatable read read only')
  const result = await read()
  await client.query('commit')
  return result
}

/** The hashes of all blobs that there shall be. */
export async function listBlobs (client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ sha256: string }>('select sha256 from blob order by 1')
  return rows.map(({ sha256 }) => sha256)
}

/**
 * Gives the lines of a dump: {"table": name} before a table's rows, each a JSON string. Tables stand after those that
 * they refer to.
 * @param client in a transaction that sees one state of the database
 */
export async function * dumpLines (client: pg.ClientBase): AsyncGenerator<string> {
  for (const table of await listTables(client)) {
    yield `${JSON.stringify({ table })}\n`
    const name = pg.escapeIdentifier(table)
    await client.query(`declare dump no scroll cursor for select ${name}::text as line from ${name}`)
    for (;;) {
      const { rows } = await client.query<{ line: string }>(`fetch ${ROWS_AT_ONCE} from dump`)
      if (rows.length === 0) break
      yield rows.map(({ line }) => `${JSON.stringify(line)}\n`).join('')
    }
    await client.query('close dump')
  }
}

/**
 * Replaces all rows by those of a dump, in one transaction.
 * @param client on a database with the migrations of the dump
 * @returns rows by table
 */
export async function loadDump (client: pg.ClientBase, text: AsyncIterable<string>): Promise<Record<string, number>> {
  await client.query('begin')
  const counts = await loadLines(client, text)
  // Whoever held a trial does not run here: its time is up at once.
  await client.query('update trial set lease_until = now() where lease_until > now()')
  await client.query('commit')
  return counts
}

async function loadLines (client: pg.ClientBase, text: AsyncIterable<string>): Promise<Record<string, number>> {
  const tables = await listTables(client)
  await client.query(`truncate ${tables.map(pg.escapeIdentifier).join()}`)
  // What triggers count and fill in is in the dump.
  for (const table of tables) await client.query(`alter table ${pg.escapeIdentifier(table)} disable trigger user`)
  const counts: Record<string, number> = {}
  let current = ''
  let rows: string[] = []
  const write = async (): Promise<void> => {
    if (rows.length === 0) return
    const name = pg.escapeIdentifier(current)
    await client.query(`insert into ${name} select * from unnest($1::${name}[])`, [rows])
    counts[current] = (counts[current] ?? 0) + rows.length
    rows = []
  }
  for await (const line of splitLines(text)) {
    const item = JSON.parse(line) as string | { table: string }
    if (typeof item !== 'string') {
      await write()
      current = item.table
      continue
    }
    rows.push(item)
    if (rows.length === ROWS_AT_ONCE) await write()
  }
  await write()
  for (const table of tables) await client.query(`alter table ${pg.escapeIdentifier(table)} enable trigger user`)
  await setSequences(client)
  return counts
}

/** Names of the migrations that a database has. */
export async function readMigrationNames (client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'select migration_name as name from _prisma_migrations where finished_at is not null and rolled_back_at is null order by 1')
  return rows.map(({ name }) => name)
}

/** Our tables, each after those that it refers to. */
async function listTables (client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string, parents: string[] }>(
    `select relname as name, array(
       select parent.relname::text from pg_constraint join pg_class parent on parent.oid = confrelid
       where contype = 'f' and conrelid = pg_class.oid and confrelid <> conrelid) as parents
     from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace and relname <> '_prisma_migrations' order by 1`)
  const ordered: string[] = []
  while (ordered.length < rows.length) {
    const next = rows.find(({ name, parents }) => !ordered.includes(name) && parents.every(parent => ordered.includes(parent)))
    if (next === undefined) throw new Error('Tables must not refer to each other in a circle')
    ordered.push(next.name)
  }
  return ordered
}

/** Numbers that the database gives go on after the highest one that is there. */
async function setSequences (client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ table: string, column: string }>(
    `select table_name as table, column_name as column from information_schema.columns
     where table_schema = current_schema() and column_default like 'nextval(%'`)
  for (const { table, column } of rows) {
    const [name, number] = [table, column].map(pg.escapeIdentifier) as [string, string]
    await client.query(
      `select setval(pg_get_serial_sequence($1, $2), coalesce(max(${number}), 1), max(${number}) is not null) from ${name}`, [name, column])
  }
}

/** Only at line feeds: the other ends of lines that there are stand in texts as they are. */
async function * splitLines (text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const piece of text) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    yield * lines
  }
  if (rest !== '') throw new Error('The dump ends in the middle of a line')
}
