/** The arms of a comparison: what each of them drops and relabels. Pure. */
import { openStream } from '../../../math/random.js'
import type { TrialDefinition } from '../../contract.js'
import type { TracinSpec } from '../spec.js'
import type { Compare, Edits, Relabelled, Treatment } from './spec.js'

/** The arm that nothing was done to. */
export const asIs = 'as it is'

/** Names of a treatment's arms: of the suspects, and of as many random examples. */
export const armsOf = {
  without: { suspects: 'without the suspects', random: 'without random ones' },
  corrected: { suspects: 'suspects corrected', random: 'random ones corrected' }
} as const satisfies Record<Treatment, { suspects: string, random: string }>

/** Arms x seeds. In the spec of a trial stands what it drops and relabels. */
export function planArms (
  spec: TracinSpec, { wrong, dropped, relabelled }: Edits, { suspects, random, arms }: Compare
): TrialDefinition<TracinSpec>[] {
  const edits: Edits = { wrong, dropped, relabelled }
  const define = (arm: string, change: (seed: number) => Edits): TrialDefinition<TracinSpec>[] =>
    spec.seeds.map(seed => ({ arm, seed, spec: { ...spec, edits: change(seed) } }))
  return [
    ...define(asIs, () => edits),
    ...arms.flatMap(treatment => [
      ...define(armsOf[treatment].suspects, () => treat(edits, treatment, suspects)),
      ...define(armsOf[treatment].random, seed => treat(edits, treatment, draw(random, suspects.indices.length, seed)))
    ])
  ]
}

/** As many of the random examples as there are suspects: the same ones in both treatments of a seed. */
function draw ({ indices, labels }: Relabelled, count: number, seed: number): Relabelled {
  const width = labels.length / indices.length
  const places = Array.from(openStream(seed, 'random suspects').permutation(indices.length).subarray(0, count))
  return { indices: places.map(i => indices[i]!), labels: places.flatMap(i => labels.slice(i * width, (i + 1) * width)) }
}

function treat (edits: Edits, treatment: Treatment, { indices, labels }: Relabelled): Edits {
  const chosen = new Set(indices)
  if (treatment === 'without') return { ...edits, dropped: [...new Set([...edits.dropped, ...indices])].sort((a, b) => a - b) }
  if (labels.length === 0) return { ...edits, wrong: leaveOut(edits.wrong, chosen), relabelled: leaveOut(edits.relabelled, chosen) }
  const others = leaveOut(edits.relabelled, chosen)
  return { ...edits, relabelled: { indices: [...others.indices, ...indices], labels: [...others.labels, ...labels] } }
}

function leaveOut ({ indices, labels }: Relabelled, gone: ReadonlySet<number>): Relabelled {
  const width = labels.length / indices.length
  const places = indices.map((_, i) => i).filter(i => !gone.has(indices[i]!))
  return { indices: places.map(i => indices[i]!), labels: places.flatMap(i => labels.slice(i * width, (i + 1) * width)) }
}
