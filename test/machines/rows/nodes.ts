/** A fresh clone under every Node that is supported, from `npm start` to the end. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { spawnSync } from 'node:child_process'
import { readConfig } from '../../../src/config.js'
import type { Bench } from '../bench.js'
import type { Row } from '../check.js'
import { run } from '../program.js'

export const nodeRows: Row[] = [20, 22, 24].map(major => ({
  name: `node-${major}`,
  async run (bench) {
    const program = await install(bench, major)
    const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' })
    const PATH = `${path.dirname(program)}${path.delimiter}${process.env.PATH}`
    const { seen } = await bench.use({ tree: await bench.clone(`node-${major}`), environment: { PATH } })
    return `${stdout.trim()}; ${seen}`
  }
}))

/** Brings a Node from the registry into the cache folder, where it stays. @returns its program */
async function install (bench: Bench, major: number): Promise<string> {
  const folder = path.join(readConfig().cacheDir, 'nodes', String(major))
  const name = `node-${process.platform}-${process.arch}` // the package `node` would fetch it by an install script
  const program = path.join(folder, 'node_modules', name, 'bin', 'node')
  if (!existsSync(program)) {
    await run({ words: ['npm', 'install', '--prefix', folder, '--no-audit', '--no-fund', `${name}@${major}`], cwd: bench.folder('install'), env: bench.environment() })
  }
  return program
}
