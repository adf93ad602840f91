/**
 * `node scripts/run.mjs openapi/generate.ts --check`: does the set-up, which includes the build, then runs a TypeScript
 * file in its compiled form. Without a file only the set-up.
 */
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { checkNode } from './setup/node-version.mjs'

checkNode()
const { projectRoot, setUp } = await import('./setup/index.mjs')

const [source] = process.argv.splice(2, 1)
await setUp().catch(error => {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
})
if (source) {
  const compiled = path.join(projectRoot, 'dist', source.replace(/\.ts$/, '.js'))
  process.argv[1] = compiled // for those who look whether they are the program
  await import(pathToFileURL(compiled).href)
}
