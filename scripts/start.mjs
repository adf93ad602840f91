/** `npm start`: sets up what is missing, then hands over to the command line (src/main.ts) in this same process. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { checkNode } from './setup/node-version.mjs'

checkNode()
const { projectRoot, setUp } = await import('./setup/index.mjs')

if (process.argv.slice(2).some(word => word === '--help' || word === '-h')) {
  // Help must not wait for an installation.
  process.stdout.write(readFileSync(path.join(projectRoot, 'src', 'start', 'help.txt')))
} else {
  await setUp({ toRun: true }).catch(error => {
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  })
  stopWithNpm()
  await import(pathToFileURL(path.join(projectRoot, 'dist', 'src', 'main.js')).href)
}

/** A SIGTERM to npm ends npm only: whoever sent it means all of us. */
function stopWithNpm () {
  if (!process.env.npm_lifecycle_event) return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, 1000).unref()
}
