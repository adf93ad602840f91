/** Generates the database client from prisma/schema.prisma into src/storage/generated, before the build. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { runTool } from './run-tool.mjs'
import { hash, readStamp, writeStamp } from './stamps.mjs'

/**
 * Generates the client when the schema or Prisma changed.
 * @param {string} projectRoot
 * @param {(line: string) => void} log
 */
export async function ensurePrismaClient (projectRoot, log) {
  const folder = path.join(projectRoot, 'node_modules', 'prisma')
  const schema = readFileSync(path.join(projectRoot, 'prisma', 'schema.prisma'))
  const wanted = hash(schema, readFileSync(path.join(folder, 'package.json')))
  const client = path.join(projectRoot, 'src', 'storage', 'generated', 'client.ts')
  if (existsSync(client) && readStamp(projectRoot, 'prisma') === wanted) return
  log('Generating the database client')
  await runTool([path.join(folder, 'build', 'index.js'), 'generate'], {
    cwd: projectRoot,
    // Prisma would download its migration engine, which generating does not use: any program passes for it.
    env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' }
  })
  writeStamp(projectRoot, 'prisma', wanted)
}
