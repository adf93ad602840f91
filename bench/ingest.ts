/**
 * Uploads becoming data sets beside what people read the same files with (`npm run bench:ingest`; `npm run bench:peers`
 * installs that first): CSV of 1,000,000 rows with pandas and polars, all in one run, taking turns, each after a small
 * table of the same kind that is not measured. Ours ends with a file of float32 on the disk and its hash, theirs with an
 * array in memory. Then pictures beside Pillow. Also how much memory a
 * table of numbers, words and dates takes. With repetitions as an argument (`npm run bench:ingest -- 1`) nothing is recorded.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { IngestAnswer, IngestRequest } from './ingest/ours.js'
import { measurePictures } from './ingest/pictures.js'
import { mixed, tables, writeTable, type MeasuredTable } from './ingest/tables.js'
import { record, summarise, type Case } from './record.js'
import { openPeer, openSide, peerPython, type Side } from './side.js'

interface PeerRequest { library: 'pandas' | 'polars', file: string }
type Peer = Side<PeerRequest, { ms: number, examples: number }>

const MAX_MEGABYTES = 300
const REPETITIONS = 3
const SMALL_ROWS = 50_000
const repetitions = Number(process.argv[2] ?? REPETITIONS)
const folder = mkdtempSync(path.join(tmpdir(), 'ingest-'))
try {
  const peer: Peer | undefined = await openPeer('ingest/peer.py', 'pandas and polars')
  const cases: Case[] = []
  for (const table of tables) cases.push(await compare(table, peer))
  cases.push(await measureMemory())
  peer?.close()
  const pictures = await measurePictures(peer === undefined ? null : peerPython())
  cases.push(...pictures.cases)
  const load = loadavg().map(value => value.toFixed(1)).join(' ')
  process.stdout.write(`Load of this machine over 1, 5 and 15 minutes: ${load}\n`)
  if (process.argv[2] === undefined) await record('ingest', cases, { ...peer?.hello, ...pictures.versions }, { load })
  else for (const { name, ours, peer, also } of cases) process.stdout.write(`${JSON.stringify({ name, ours, peer, also })}\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function openOurs (): Promise<Side<IngestRequest, IngestAnswer>> {
  return await openSide(process.execPath, [fileURLToPath(new URL('ingest/ours.js', import.meta.url)), folder], {})
}

async function compare (table: MeasuredTable, peer: Peer | undefined): Promise<Case> {
  const ours = await openOurs()
  const runs = { ours: [] as number[], pandas: [] as number[], polars: [] as number[] }
  const run = async (measured: MeasuredTable, file: string): Promise<void> => {
    runs.ours.push(check(measured, await ours.ask({ format: 'csv', files: { train: file }, options: table.options })))
    if (peer === undefined) return
    for (const library of ['pandas', 'polars'] as const) runs[library].push(check(measured, await peer.ask({ library, file })))
  }
  const small = { ...table, name: `${table.name}-small`, rows: SMALL_ROWS }
  await run(small, writeTable(folder, small)) // threads are started, and what is called is compiled
  for (const all of Object.values(runs)) all.length = 0
  const file = writeTable(folder, table)
  for (let i = 0; i < repetitions; i++) await run(table, file)
  rmSync(file)
  ours.close()
  return {
    name: `CSV ${table.name}, ${table.rows} x ${table.columns}`,
    unit: 'ms',
    better: 'lower',
    ours: summarise(runs.ours),
    peer: peer === undefined ? null : { name: 'pandas', ...summarise(runs.pandas) },
    ...(peer === undefined ? {} : { also: { polars: summarise(runs.polars) } }),
    aim: peer === undefined ? null : 1
  }
}

async function measureMemory (): Promise<Case> {
  const file = writeTable(folder, mixed)
  const ours = await openOurs()
  const answer = await ours.ask({ format: 'csv', files: { train: file }, options: mixed.options })
  ours.close()
  check(mixed, answer)
  return {
    name: `CSV ${mixed.name}, ${mixed.rows} x ${mixed.columns}, memory`, unit: 'MB', better: 'lower', ours: summarise([answer.grownMegabytes]), peer: null, aim: MAX_MEGABYTES
  }
}

/** Both sides shall read every row. */
function check ({ name, rows }: MeasuredTable, { ms, examples }: { ms: number, examples: number }): number {
  if (examples !== rows) throw new Error(`${name} must have ${rows} rows, got ${examples}`)
  return ms
}
