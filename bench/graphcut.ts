/**
 * Cuts beside PyMaxflow (`npm run bench:graphcut`; `npm run bench:peers` installs it first), in turns, in one run: capacities
 * are given, building, solving and the labels are measured. Both sides must find the same energy. Expansions of both begin at
 * the least unary of each pixel.
 */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { readDimacs } from '../src/graphcut/dimacs.js'
import { cutGraph } from '../src/graphcut/graph.js'
import { createGridCut } from '../src/graphcut/grid.js'
import { expand } from '../src/graphcut/moves.js'
import { projectRoot } from '../src/paths.js'
import { costsOf, drawDisc, heavy, pictures, ROUNDS, type Picture } from './graphcut/cases.js'
import { record, summarise, type Case } from './record.js'
import { openPeer, type Side } from './side.js'

interface Measured { ms: number, value: number }
type Peer = Side<Picture & { rounds: number }, Measured>

const REPETITIONS = 5
const MOST_MS = 1000
const hard = path.resolve(projectRoot, '../shared/data/graphcut/ak-4102.max.gz')

const peer: Peer | undefined = await openPeer('graphcut/peer.py', 'PyMaxflow')
const cases: Case[] = []
for (const picture of [...pictures, heavy]) cases.push(await compare(picture))
cases.push({ ...limit(`${nameOf(heavy)}, heavily regularised`), ours: cases.at(-1)!.ours })
if (existsSync(hard)) cases.push(measureHard())
peer?.close()
await record('graphcut', cases, { ...peer?.hello })

async function compare (picture: Picture): Promise<Case> {
  const runs = { ours: [] as number[], peer: [] as number[] }
  for (let i = -1; i < REPETITIONS; i++) { // once before, so that everything is compiled
    const [ours, theirs] = [measureOurs(picture), await peer?.ask({ ...picture, rounds: ROUNDS })]
    if (theirs !== undefined && picture.labels === 2 && Math.abs(ours.value / theirs.value - 1) > 1e-9) {
      throw new Error(`Both sides must find the same least cut, got ${ours.value} and ${theirs.value}`)
    }
    if (i < 0) continue
    runs.ours.push(ours.ms)
    if (theirs !== undefined) runs.peer.push(theirs.ms)
  }
  return {
    name: nameOf(picture),
    unit: 'ms',
    better: 'lower',
    ours: summarise(runs.ours),
    peer: peer === undefined ? null : { ...summarise(runs.peer), name: 'PyMaxflow' },
    aim: peer === undefined ? null : picture.aim
  }
}

function nameOf ({ side, neighbours, labels }: Picture): string {
  return `${side} x ${side}, ${neighbours} neighbours, ${labels === 2 ? 'one cut' : `${labels} labels, ${ROUNDS} rounds of expansions`}`
}

function measureOurs ({ side, neighbours, weight, labels }: Picture): Measured {
  const values = drawDisc(side)
  const unary = Array.from({ length: labels }, (_, label) => costsOf(values, label, labels))
  const weights = [1, 1, Math.SQRT1_2, Math.SQRT1_2].slice(0, neighbours / 2).map(part => part * weight)
  const shape = { width: side, height: side, neighbours }
  if (labels > 2) {
    const stacked = Float64Array.from({ length: labels * side * side }, (_, i) => unary[Math.floor(i / side ** 2)]![i % side ** 2]!)
    const started = performance.now()
    const { energy } = expand({ shape, labels, unary: stacked, weights }, { rounds: ROUNDS })
    return { ms: performance.now() - started, value: energy.total }
  }
  const started = performance.now()
  const cut = createGridCut(shape)
  cut.setTerminals(unary[0]!, unary[1]!)
  for (const [way, of] of weights.entries()) cut.setArcs(way, of)
  const value = cut.solve()
  cut.readSides(new Uint8Array(side * side))
  return { ms: performance.now() - started, value }
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
