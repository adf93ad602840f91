/**
 * Writes openapi.json from the routes and types.ts from openapi.json; with --check it writes nothing and fails when a
 * file on disk differs. Needs no database: building the API opens nothing.
 */
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import openapiTypes, { astToString } from 'openapi-typescript'
import { buildApp, type Parts } from '../src/app.js'
import { readConfig } from '../src/config.js'
import { projectRoot } from '../src/paths.js'

/** The document as it is served at /openapi.json. */
export async function generateDocument (): Promise<string> {
  const nothing = { bus: { on: () => () => {} } } as unknown as Parts
  const app = await buildApp({ ...readConfig({}), logLevel: 'error' }, nothing)
  await app.ready()
  const document = app.swagger()
  await app.close()
  return `${JSON.stringify(document, null, 2)}\n`
}

/** The types of the document, for src/client/index.ts. */
export async function generateTypes (document: string): Promise<string> {
  const types = astToString(await openapiTypes(document, { alphabetize: true, defaultNonNullable: false }))
  return `/* Generated from openapi.json by openapi/generate.ts: change the routes, then run npm run openapi. */\n/* eslint-disable */\n${types}`
}

async function run (check: boolean): Promise<void> {
  const document = await generateDocument()
  const files = { 'openapi.json': document, 'types.ts': await generateTypes(document) }
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(projectRoot, 'openapi', name)
    if (!check) {
      await writeFile(file, text)
      continue
    }
    const present = await readFile(file, 'utf8').catch(() => '')
    if (present === text) continue
    console.error(`openapi/${name} differs from what the routes say: run npm run openapi and commit it`)
    process.exitCode = 1
  }
}

if (process.argv[1] === import.meta.filename) await run(process.argv.includes('--check'))
