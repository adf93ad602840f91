/**
 * The service on the machines that people have (`npm run check:machines`): every row of the table starts it in another
 * surrounding, runs the quick presets, and ends it. Arguments name rows: `npm run check:machines -- node-22 image`.
 * What is tried is a clone of the last commit. Rows: test/machines/rows.
 */
import { execFileSync } from 'node:child_process'
import { projectRoot } from '../../src/paths.js'
import { CannotRun, openBench, type Bench } from './bench.js'
import { deploymentRows } from './rows/deployments.js'
import { nodeRows } from './rows/nodes.js'
import { setupRows } from './rows/setup.js'

export interface Row {
  name: string
  /** @returns what was seen @throws CannotRun, or why it failed */
  run: (bench: Bench) => Promise<string>
}

interface Line { name: string, outcome: 'ok' | 'failed' | 'cannot be run here', seconds: number, seen: string }

const rows: Row[] = [...nodeRows, ...setupRows, ...deploymentRows]

const wanted = process.argv.slice(2)
const unknown = wanted.find(name => rows.every(row => row.name !== name))
if (unknown !== undefined) {
  process.stderr.write(`There is no row ${unknown}; rows are ${rows.map(({ name }) => name).join(', ')}\n`)
  process.exit(2)
}

const [commit, changes] = [['rev-parse', '--short', 'HEAD'], ['status', '--porcelain']].map(args => execFileSync('git', args, { cwd: projectRoot, encoding: 'utf8' }).trim())
process.stdout.write(`Trying commit ${commit}${changes ? ', without the changes that are not committed' : ''}\n`)
const bench = openBench()
const lines: Line[] = []
try {
  for (const row of rows) if (wanted.length === 0 || wanted.includes(row.name)) lines.push(print(await tryRow(row)))
} finally {
  bench.remove()
}
process.stdout.write('\n| row | outcome | s | seen |\n| --- | --- | --- | --- |\n')
for (const { name, outcome, seconds, seen } of lines) process.stdout.write(`| ${name} | ${outcome} | ${seconds.toFixed(0)} | ${seen.replaceAll('|', '/')} |\n`)
process.exitCode = lines.some(({ outcome }) => outcome === 'failed') ? 1 : 0

async function tryRow ({ name, run }: Row): Promise<Line> {
  const startedAt = Date.now()
  const line = (outcome: Line['outcome'], seen: string): Line => ({ name, outcome, seconds: (Date.now() - startedAt) / 1000, seen: seen.replaceAll(/\s+/g, ' ') })
  try {
    return line('ok', await run(bench))
  } catch (error) {
    return line(error instanceof CannotRun ? 'cannot be run here' : 'failed', (error as Error).message)
  }
}

/** Tells a row as soon as it is known. */
function print (line: Line): Line {
  process.stdout.write(`${line.outcome.padEnd(18)} ${line.name} (${line.seconds.toFixed(0)} s): ${line.seen}\n`)
  return line
}
