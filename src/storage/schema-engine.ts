/**
 * Prisma's schema engine as WebAssembly: the real one, without a native binary. It costs 100 ms and 90 MB, so
 * migrate.ts loads it only when there is something to apply.
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg'
import pg from 'pg'
import { projectRoot } from '../paths.js'

/** A folder of prisma/migrations with its script. */
export interface Migration { name: string, sql: string }

export interface OpenEngine {
  /** Applies what is missing. @returns names of the migrations applied now */
  apply (migrations: Migration[]): Promise<string[]>
  /** SQL that turns the database into the schema; empty when they agree. */
  diff (): Promise<string>
  close (): Promise<void>
}

interface EngineExports { __wbindgen_start? (): void }

/** TypeScript declares WebAssembly only together with the browser's library. */
interface WithWebAssembly {
  WebAssembly: { instantiate (bytes: Uint8Array, imports: object): Promise<{ instance: { exports: EngineExports } }> }
}

const schemaFile = path.join(projectRoot, 'prisma', 'schema.prisma')
const filters = { externalTables: [], externalEnums: [] }

/** Opens the engine on a database. */
export async function openSchemaEngine (url: string): Promise<OpenEngine> {
  const schema = { path: schemaFile, content: await readFile(schemaFile, 'utf8') }
  const pool = new pg.Pool({ connectionString: url })
  pool.on('error', () => {}) // the query that fails says why
  const engine = await loadEngine(schema, mendAdapter(new PrismaPg(pool, { disposeExternalPool: false }), pool))

  async function apply (migrations: Migration[]): Promise<string[]> {
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList: toMigrationList(migrations), filters })
    return appliedMigrationNames
  }

  async function diff (): Promise<string> {
    const url = { tag: 'schemaDatasource' as const, files: [schema], configDir: projectRoot }
    const wanted = { tag: 'schemaDatamodel' as const, files: [schema] }
    const result = await engine.diff({ from: url, to: wanted, script: true, exitCode: true, filters })
    return result.exitCode === 0 ? '' : result.stdout ?? ''
  }

  async function close (): Promise<void> {
    engine.free()
    await pool.end()
  }

  return { apply, diff, close }
}

let loading: ReturnType<typeof loadBindings> | undefined

async function loadEngine (schema: { path: string, content: string }, adapter: PrismaPg): Promise<SchemaEngine> {
  const bindings = await (loading ??= loadBindings()) // one instance per process: the module keeps views of its memory
  return bindings.SchemaEngine.new(
    { datamodels: [[schema.path, schema.content]] }, () => {}, bindMigrationAwareSqlAdapterFactory(adapter))
}

async function loadBindings () {
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg')
  const require = createRequire(import.meta.url)
  const folder = path.dirname(require.resolve('@prisma/schema-engine-wasm/schema_engine_bg'))
  const bytes = await readFile(path.join(folder, 'schema_engine_bg.wasm'))
  const { WebAssembly } = globalThis as unknown as WithWebAssembly
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': withoutHold(bindings) })
  const internals = bindings as unknown as { __wbg_set_wasm (exports: EngineExports): void }
  internals.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start?.()
  return bindings
}

/** The engine never clears the timer that bounds its wait for a lock; as it is, it holds the process for 10 s. */
function withoutHold (bindings: object): object {
  const timers = Object.keys(bindings).filter(name => name.startsWith('__wbg_setTimeout_'))
  const setTimer = (callback: () => void, ms: number) => setTimeout(callback, ms >>> 0).unref()
  return { ...bindings, ...Object.fromEntries(timers.map(name => [name, setTimer])) }
}

/** PostgreSQL's one-byte type "char", which its catalog uses, and a type that the adapter knows in its place. */
const [CHAR_OID, TEXT_OID] = [18, 25]

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>
type AdapterQuery = Parameters<Adapter['queryRaw']>[0]

/**
 * Mends what the adapter cannot do. Scripts go out as one query, which PostgreSQL runs as one transaction: the adapter
 * cuts them at every semicolon, so a process that died left half a migration and a quoted semicolon broke it. And it
 * refuses columns of type "char", without which the engine cannot read a database's tables.
 */
function mendAdapter (factory: PrismaPg, pool: pg.Pool): PrismaPg {
  const connect = factory.connect.bind(factory)
  factory.connect = async () => {
    const adapter = await connect()
    adapter.executeScript = async script => { await pool.query(script) }
    adapter.queryRaw = query => queryWithChars(adapter, query)
    return adapter
  }
  return factory
}

async function queryWithChars (adapter: Adapter, query: AdapterQuery): ReturnType<Adapter['queryRaw']> {
  const inner = adapter as unknown as { performIO (query: AdapterQuery): Promise<pg.QueryArrayResult> }
  let isChar: boolean[] = []
  async function performIO (query: AdapterQuery): Promise<pg.QueryArrayResult> {
    const result = await inner.performIO(query)
    isChar = result.fields.map(field => field.dataTypeID === CHAR_OID)
    for (const field of result.fields) if (field.dataTypeID === CHAR_OID) field.dataTypeID = TEXT_OID
    return result
  }
  const { queryRaw } = Object.getPrototypeOf(adapter) as Adapter
  const answer = await queryRaw.call(Object.create(adapter, { performIO: { value: performIO } }), query)
  return { ...answer, columnTypes: answer.columnTypes.map((type, i) => isChar[i] ? ColumnTypeEnum.Character : type) }
}

function toMigrationList (migrations: Migration[]) {
  return {
    baseDir: path.join(projectRoot, 'prisma', 'migrations'),
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name, migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } }
    }))
  }
}
