/** Our side of `bench:lattice`, a process of its own, so that its memory can be told. Asked line by line. */
import { createInterface } from 'node:readline'
import { projectVersion } from '../../src/paths.js'
import { meanField } from '../../src/lattice/mean-field.js'
import { createDensePairwise } from '../../src/lattice/pairwise.js'
import { drawPixels, drawUnary, ITERATIONS, kernels, type Measured, type Picture } from './cases.js'

const memory = () => process.resourceUsage().maxRSS / 1024

function measure ({ side, labels }: Picture): Measured {
  const pixels = drawPixels(side)
  const unary = drawUnary(side, labels)
  const before = memory()
  const started = performance.now()
  const pairwise = createDensePairwise({ width: side, height: side, channels: 3, pixels }, kernels)
  const created = performance.now()
  const field = meanField({ pairwise, labels, unary }, { iterations: ITERATIONS })
  const infer = performance.now() - created
  const counts = Array<number>(labels).fill(0)
  for (const label of field.labels) counts[label]!++
  return { create: created - started, infer, memory: memory() - before, counts }
}

process.stdout.write(`${JSON.stringify({ 'descent-lab': projectVersion })}\n`)
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(measure(JSON.parse(line) as Picture))}\n`)
}
