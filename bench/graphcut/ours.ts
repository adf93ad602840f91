/** Our side of `bench:graphcut`, a process as the peer's is (peer.py): asked line by line; capacities are made beforehand. */
import { readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { createGridCut } from '../../src/graphcut/grid.js'
import { expand } from '../../src/graphcut/moves.js'
import { costsOf, drawDisc, weightsOf, type Measured, type Request } from './cases.js'

process.stdout.write('{}\n')
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(measure(JSON.parse(line) as Request))}\n`)
}

function measure ({ rounds, ...picture }: Request): Measured {
  const { side, neighbours, labels } = picture
  const values = drawDisc(side)
  const unary = Array.from({ length: labels }, (_, label) => costsOf(values, label, labels))
  const weights = weightsOf(picture, values)
  const shape = { width: side, height: side, neighbours }
  if (labels === 2) {
    return peak(() => {
      const cut = createGridCut(shape)
      cut.setTerminals(unary[0]!, unary[1]!)
      for (const [way, of] of weights.entries()) cut.setArcs(way, of)
      const value = cut.solve()
      cut.readSides(new Uint8Array(side * side))
      cut.close()
      return value
    })
  }
  const stacked = new Float64Array(labels * side * side)
  for (const [label, costs] of unary.entries()) stacked.set(costs, label * side * side)
  return peak(() => expand({ shape, labels, unary: stacked, weights }, { rounds }).energy.total)
}

/** Times work, and finds by how much this process's peak goes above what it has. */
function peak (work: () => number): Measured {
  const bytesOf = (name: string) => 1024 * Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))![1])
  const { gc } = globalThis as { gc?: () => void }
  gc?.() // so that no garbage of before makes room meanwhile
  const isCounted = process.platform === 'linux'
  if (isCounted) writeFileSync('/proc/self/clear_refs', '5') // the peak is what there is now
  const before = isCounted ? bytesOf('VmRSS') : 0
  const started = performance.now()
  const value = work()
  const ms = performance.now() - started
  return { ms, value, bytes: isCounted ? bytesOf('VmHWM') - before : null }
}
