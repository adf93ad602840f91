/**
 * Our side of the benchmark of uploads: a file becomes a stored data set in a thread, as the service does it. Asked line by
 * line. Its one argument is the folder where data sets lie for a moment.
 */
import path from 'node:path'
import { createInterface } from 'node:readline'
import { createDatasetPool } from '../../src/datasets/dataset-pool.js'

export interface IngestRequest { format: string, files: Record<string, string>, options: object }
export interface IngestAnswer { ms: number, examples: number, grownMegabytes: number }

const limits = { maxUnpackedBytes: 2 ** 34, maxRows: 1e8, maxCells: 1e9, maxClasses: 1000 }
const pool = createDatasetPool({ folder: process.argv[2]!, limits })

process.stdout.write('{}\n')
for await (const line of createInterface({ input: process.stdin })) process.stdout.write(`${JSON.stringify(await measure(JSON.parse(line)))}\n`)
await pool.close()

async function measure ({ format, files, options }: IngestRequest): Promise<IngestAnswer> {
  const uploaded = Object.fromEntries(Object.entries(files).map(([role, file]) => [role, { path: file, name: path.basename(file) }]))
  const before = process.memoryUsage.rss()
  let most = before
  const watch = setInterval(() => { most = Math.max(most, process.memoryUsage.rss()) }, 20)
  const start = performance.now()
  const counts = await pool.prepare({ type: 'upload', format, files: uploaded, options }, { team: 'bench' }, async ({ description }) => description.counts)
  const ms = performance.now() - start
  clearInterval(watch)
  return { ms, examples: counts.train + counts.test, grownMegabytes: (most - before) / 1e6 }
}
