/**
 * Cuts beside PyMaxflow (`npm run bench:graphcut`; `npm run bench:peers` installs it first), in turns, in one run: capacities
 * are given, building, solving and the labels are measured. Both sides must find the same flow. Expansions of both begin at
 * the least unary of each pixel. Memory is what the first cut of a process takes beyond what the process has.
 */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { readDimacs } from '../src/graphcut/dimacs.js'
import { cutGraph } from '../src/graphcut/graph.js'
import { projectRoot } from '../src/paths.js'
import { heavy, pictures, ROUNDS, type Measured, type Picture, type Request } from './graphcut/cases.js'
import { record, summarise, type Case } from './record.js'
import { openPeer, openSide, type Side } from './side.js'

const REPETITIONS = 5
/** Small cuts of both sides beforehand, so that their code is compiled. */
const WARM_UPS = 30
const MOST_MS = 1000
const hard = path.resolve(projectRoot, '../shared/data/graphcut/ak-4102.max.gz')

const cases: Case[] = []
let versions: Record<string, string> = {}
for (const picture of pictures) cases.push(...await compare(picture))
const [heavyTime, heavyMemory] = await compare(heavy)
cases.push(heavyTime!, { ...limit(`${nameOf(heavy)}, alone`), ours: heavyTime!.ours }, heavyMemory!)
if (existsSync(hard)) cases.push(measureHard())
await record('graphcut', cases, versions)

/** Time and memory of a picture, each side in a process of its own. */
async function compare (picture: Picture): Promise<Case[]> {
  const request: Request = { ...picture, rounds: ROUNDS }
  const ours = await openSide<Request, Measured>(process.execPath, ['--expose-gc', path.join(projectRoot, 'dist/bench/graphcut/ours.js')], {})
  const peer = await openPeer<Request, Measured>('graphcut/peer.py', 'PyMaxflow')
  versions = { ...peer?.hello }
  const [runs, peerRuns] = [await warmUp(ours, request), peer === undefined ? [] : await warmUp(peer, request)]
  for (let i = 0; i < REPETITIONS; i++) {
    runs.push(await ours.ask(request))
    if (peer !== undefined) peerRuns.push(await peer.ask(request))
  }
  ours.close()
  peer?.close()
  const [{ value }, theirs] = [runs[0]!, peerRuns[0]?.value]
  if (theirs !== undefined && picture.labels === 2 && Math.abs(value / theirs - 1) > 1e-9) {
    throw new Error(`Both sides must find the same least cut, got ${value} and ${theirs}`)
  }
  const name = nameOf(picture)
  return [
    besides({ name, unit: 'ms', aim: picture.aim }, runs.slice(1).map(run => run.ms), peerRuns.slice(1).map(run => run.ms)),
    besides({ name: `${name}: memory`, unit: 'MB', aim: null }, megabytes(runs[0]!), peerRuns.slice(0, 1).flatMap(megabytes))
  ]
}

/** @returns the first one of the picture itself */
async function warmUp (side: Side<Request, Measured>, request: Request): Promise<Measured[]> {
  for (let i = 0; i < WARM_UPS; i++) await side.ask({ ...request, side: 48 })
  return [await side.ask(request)]
}

function megabytes ({ bytes }: Measured): number[] {
  return bytes === null ? [] : [bytes / 1e6]
}

function besides (of: Pick<Case, 'name' | 'unit' | 'aim'>, ours: number[], peer: number[]): Case {
  return {
    ...of,
    better: 'lower',
    ours: summarise(ours),
    peer: peer.length === 0 ? null : { ...summarise(peer), name: 'PyMaxflow' },
    aim: peer.length === 0 ? null : of.aim
  }
}

function nameOf ({ side, neighbours, contrast, weight, labels }: Picture): string {
  const weights = contrast > 0 ? ', weights by contrast' : weight === heavy.weight ? ', heavily regularised' : ''
  return `${side} x ${side}, ${neighbours} neighbours${weights}, ${labels === 2 ? 'one cut' : `${labels} labels, ${ROUNDS} rounds of expansions`}`
}

/** An instance that is hard for augmenting paths (generator of Cherkassky and Goldberg). */
function measureHard (): Case {
  const graph = readDimacs(gunzipSync(readFileSync(hard)).toString())
  const taken = Array.from({ length: REPETITIONS }, () => {
    const started = performance.now()
    cutGraph(graph)
    return performance.now() - started
  })
  return { ...limit('ak-4102, 16,414 nodes'), ours: summarise(taken) }
}

function limit (name: string): Omit<Case, 'ours'> {
  return { name, unit: 'ms', better: 'lower', peer: null, aim: MOST_MS }
}
