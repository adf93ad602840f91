/** Our side of the benchmark of uploads: a file becomes a stored data set in a thread, as the service does it. Asked line by line. */
import { mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { createDatasetPool } from '../../src/datasets/dataset-pool.js'

export interface IngestRequest { folder: string, format: string, files: Record<string, string>, options: object }
export interface IngestAnswer { ms: number, examples: number, grownMegabytes: number }

const limits = { maxUnpackedBytes: 2 ** 34, maxRows: 1e8, maxCells: 1e9, maxClasses: 1000 }

process.stdout.write('{}\n')
for await (const line of createInterface({ input: process.stdin })) process.stdout.write(`${JSON.stringify(await measure(JSON.parse(line)))}\n`)

async function measure ({ folder, format, files, options }: IngestRequest): Promise<IngestAnswer> {
  const own = mkdtempSync(path.join(folder, 'ours-'))
  const pool = createDatasetPool({ folder: own, limits })
  const uploaded = Object.fromEntries(Object.entries(files).map(([role, file]) => [role, { path: file, name: path.basename(file) }]))
  const before = process.memoryUsage.rss()
  let most = before
  const watch = setInterval(() => { most = Math.max(most, process.memoryUsage.rss()) }, 20)
  const start = performance.now()
  const counts = await pool.prepare({ type: 'upload', format, files: uploaded, options }, { team: 'bench' }, async ({ description }) => description.counts)
  const ms = performance.now() - start
  clearInterval(watch)
  await pool.close()
  rmSync(own, { recursive: true })
  return { ms, examples: counts.train + counts.test, grownMegabytes: (most - before) / 1e6 }
}
