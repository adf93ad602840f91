/**
 * A PostgreSQL that is not ours, with a role that may do no more than a tenant of a shared server: the binaries of the
 * system's packages, or the embedded ones where there are none.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import path from 'node:path'
import pg from 'pg'
import { chooseServerUser, findServerFiles } from '../../src/start/postgres-user.js'
import { give } from './bench.js'
import { start, type User } from './program.js'

export interface ForeignPostgres { url: string, version: string, stop (): Promise<void> }

/** Where Debian and its kin keep them, a folder per version. */
const packages = '/usr/lib/postgresql'
const password = 'p@ss/word #1'

/** Starts a server in an empty folder. */
export async function startForeignPostgres (folder: string): Promise<ForeignPostgres> {
  const user = chooseServerUser('')
  const bin = findBinaries(user)
  const passwordFile = path.join(folder, 'password')
  writeFileSync(passwordFile, password)
  if (user) give(folder, user)
  const cluster = path.join(folder, 'cluster')
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C' }
  execFileSync(path.join(bin, 'initdb'), ['-D', cluster, '-U', 'owner', '-A', 'scram-sha-256', '--pwfile', passwordFile, '-E', 'UTF8'], { cwd: folder, env, stdio: 'pipe', ...user })
  const port = await freePort()
  const server = start({ words: [path.join(bin, 'postgres'), '-D', cluster, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'fsync=off'], cwd: folder, env, user })
  await server.says(/ready to accept connections/)
  const url = (role: string, database: string): string => `postgres://${role}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`
  await query(url('owner', 'postgres'), `create role tenant login nosuperuser nocreatedb nocreaterole password '${password}'`)
  await query(url('owner', 'postgres'), 'create database lab')
  await query(url('owner', 'lab'), 'grant create on database lab to tenant')
  await query(url('owner', 'lab'), 'grant usage, create on schema public to tenant')
  const version = await query(url('owner', 'lab'), 'show server_version')

  async function stop (): Promise<void> {
    server.signal('SIGINT')
    await server.end()
  }

  return { url: url('tenant', 'lab'), version: `PostgreSQL ${version}`, stop }
}

function findBinaries (user: User | undefined): string {
  const versions = existsSync(packages) ? readdirSync(packages).map(name => path.join(packages, name, 'bin')) : []
  return versions.find(bin => existsSync(path.join(bin, 'initdb'))) ?? path.join(findServerFiles(user), 'bin')
}

/** @returns the first value of the answer */
async function query (url: string, sql: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows: [row] } = await client.query<Record<string, string>>(sql)
    return Object.values(row ?? {}).join()
  } finally {
    await client.end()
  }
}

async function freePort (): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}
