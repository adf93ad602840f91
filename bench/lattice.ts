/**
 * Dense CRFs beside pydensecrf (`npm run bench:lattice`; `npm run bench:peers` installs it first), in turns, in one run, each side
 * a process of its own for each picture: lattices of a bilateral and a spatial kernel, then ten iterations of mean field. Our
 * blurs go in both orders of the axes, the peer's in one; ours also tells energies. Memory is what a process grew by in its
 * first run. Labels of both must be as many, to a hundredth of the pixels.
 */
import { fileURLToPath } from 'node:url'
import { ITERATIONS, pictures, type Measured, type Picture } from './lattice/cases.js'
import { record, summarise, type Case } from './record.js'
import { openPeer, openSide } from './side.js'

const REPETITIONS = 5
const ours = fileURLToPath(new URL('lattice/ours.js', import.meta.url))
const versions: Record<string, string> = {}

const cases: Case[] = []
for (const picture of pictures) cases.push(...await compare(picture))
await record('lattice', cases, versions)

async function compare (picture: Picture): Promise<Case[]> {
  const sides = [await openSide<Picture, Measured>(process.execPath, [ours], {}), await openPeer<Picture, Measured>('lattice/peer.py', 'pydensecrf2')] as const
  const runs: { ours: Measured[], peer: Measured[] } = { ours: [], peer: [] }
  for (let i = 0; i <= REPETITIONS; i++) { // once before, so that everything is compiled
    const [mine, theirs] = [await sides[0].ask(picture), await sides[1]?.ask(picture)]
    runs.ours.push(mine)
    if (theirs === undefined) continue
    runs.peer.push(theirs)
    checkCounts(picture, mine.counts, theirs.counts)
  }
  for (const side of sides) {
    Object.assign(versions, side?.hello)
    side?.close()
  }
  const name = `${picture.side} x ${picture.side}, ${picture.labels} labels`
  const timed = { ours: runs.ours.slice(1), peer: runs.peer.slice(1) }
  return [
    judge(`${name}, lattices`, 'ms', timed, one => one.create),
    judge(`${name}, ${ITERATIONS} iterations`, 'ms', timed, one => one.infer),
    judge(`${name}, memory`, 'MB', { ours: runs.ours.slice(0, 1), peer: runs.peer.slice(0, 1) }, one => one.memory)
  ]
}

function judge (name: string, unit: string, runs: { ours: Measured[], peer: Measured[] }, of: (one: Measured) => number): Case {
  const hasPeer = runs.peer.length > 0
  return {
    name,
    unit,
    better: 'lower',
    ours: summarise(runs.ours.map(of)),
    peer: hasPeer ? { ...summarise(runs.peer.map(of)), name: 'pydensecrf' } : null,
    aim: hasPeer ? 1 : null
  }
}

function checkCounts ({ side }: Picture, mine: number[], theirs: number[]): void {
  if (mine.some((count, label) => Math.abs(count - theirs[label]!) > side ** 2 / 100)) {
    throw new Error(`Both sides must find the same labels, got ${mine.join(' ')} and ${theirs.join(' ')}`)
  }
}
