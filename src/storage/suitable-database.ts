/**
 * Whether a database may be brought to our schema: it is empty or has our tables, no newer version's, and its user may
 * make what is missing. Asked before anything is written (migrate.ts); each no is one sentence for the operator.
 */
import type pg from 'pg'
import { OperatorError } from '../errors.js'

/** Where pg-boss keeps its tables. */
const JOB_SCHEMA = 'pgboss'
/** How many names of what belongs to others are said. */
const SHOWN = 3

/** Names are quoted where SQL needs it. */
interface Rights {
  database: string
  role: string
  schema: string
  /** a standby, or a setting */
  isReadOnly: boolean
  mayMakeTables: boolean
  mayMakeSchemas: boolean
  /** null: there is none yet */
  mayUseJobs: boolean | null
}

/**
 * Refuses a database that something else uses, or a newer version of this.
 * @param known   names of our migrations
 * @param applied names of those that the database has
 * @throws OperatorError
 */
export function checkOwnership (known: readonly string[], applied: readonly string[], database: string): void {
  const foreign = applied.filter(name => !known.includes(name))
  if (foreign.length === 0) return
  if (foreign.length < applied.length) {
    throw new OperatorError(`The database ${database} is that of a newer version of Descent Lab (it has the migration ${foreign.at(-1)}, which this version does not know): start the newer version, or name another database in DATABASE_URL`)
  }
  throw new OperatorError(`The database ${database} belongs to another application (it has the migrations ${shorten(foreign)}): ${ofItsOwn}`)
}

/**
 * Refuses a user who may not make what is missing.
 * @param isComplete no table of ours is missing
 * @throws OperatorError
 */
export async function checkRights (client: pg.Client, isComplete: boolean): Promise<void> {
  const { database, role, schema, isReadOnly, mayMakeTables, mayMakeSchemas, mayUseJobs } = await readRights(client)
  const owner = 'have the owner of the database run "grant'
  if (isReadOnly) throw new OperatorError(`The database ${database} is read-only for ${role}: name the primary server, and a user who may write, in DATABASE_URL`)
  if (!isComplete && !mayMakeTables) {
    throw new OperatorError(`The user ${role} may not make tables in the schema ${schema} of the database ${database}: ${owner} usage, create on schema ${schema} to ${role}"`)
  }
  if (mayUseJobs === null && !mayMakeSchemas) {
    throw new OperatorError(`The user ${role} may not make the schema ${JOB_SCHEMA}, for the job queue, in the database ${database}: ${owner} create on database ${database} to ${role}"`)
  }
  if (mayUseJobs === false) {
    throw new OperatorError(`The user ${role} may not use the schema ${JOB_SCHEMA} of the database ${database}: name the user who made it in DATABASE_URL`)
  }
}

/** Refuses a schema that holds others' tables. Asked when none of ours is there. @throws OperatorError */
export async function checkEmptiness (client: pg.Client): Promise<void> {
  // What an extension brought is nobody's application.
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f') and relname <> '_prisma_migrations'
       and not exists (select 1 from pg_depend where objid = pg_class.oid and classid = 'pg_class'::regclass and deptype = 'e')
     order by 1`)
  if (rows.length === 0) return
  throw new OperatorError(`The database ${client.database} holds tables of another application (${shorten(rows.map(({ name }) => name))}): ${ofItsOwn}`)
}

const ofItsOwn = 'make one for Descent Lab alone, as in "create database descent_lab", and name it in DATABASE_URL'

/** current_schema() is null for a user who may use none of the search path; then it is public that is meant. */
async function readRights (client: pg.Client): Promise<Rights> {
  const { rows: [rights] } = await client.query<Rights>(
    `select quote_ident(current_database()) as database, quote_ident(current_user) as role, quote_ident(schema) as schema,
       current_setting('transaction_read_only')::bool as "isReadOnly",
       coalesce(has_schema_privilege(to_regnamespace(quote_ident(schema))::oid, 'create')
         and has_schema_privilege(to_regnamespace(quote_ident(schema))::oid, 'usage'), false) as "mayMakeTables",
       has_database_privilege(current_database(), 'create') as "mayMakeSchemas",
       has_schema_privilege(to_regnamespace($1)::oid, 'usage') as "mayUseJobs"
     from coalesce(current_schema()::text, 'public') as schema`, [JOB_SCHEMA])
  return rights!
}

function shorten (names: readonly string[]): string {
  const more = names.length - SHOWN
  return names.slice(0, SHOWN).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
