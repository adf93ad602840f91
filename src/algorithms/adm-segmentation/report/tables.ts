/** The tables of a report. Pure. */
import { meanOf } from '../../../math/mean.js'
import type { Report } from '../../contract.js'
import { toDigits } from '../../kit/rounding.js'
import type { SegmentationSpec } from '../spec.js'
import { armsLike, lastOf, leadOf, type RanArm } from './trials.js'

type Table = Report['tables'][number]

const round = toDigits(5)

/** All tables. */
export function makeTables (spec: SegmentationSpec, arms: RanArm[]): Table[] {
  return [methodTable(spec, arms), classTable(arms), energyTable(arms)]
}

function methodTable ({ judged }: SegmentationSpec, arms: RanArm[]): Table {
  return {
    name: 'methods',
    title: `Mean IoU by method and length of scribbles; differences to partial cross-entropy paired by picture and seed, with 95 % intervals over both (${judged} pictures)`,
    columns: ['method', 'length', 'seeds', 'mean IoU, test', 'mean IoU, training pictures', 'boundary F', 'pixel accuracy', 'scribbles read', 'above pce', 'low', 'high'],
    rows: arms.map(arm => {
      const [pce] = armsLike(arms, 'pce', { length: arm.length })
      const lead = pce === undefined || pce === arm ? undefined : leadOf(arm, pce, judged)
      const mean = (of: (point: ReturnType<typeof lastOf>) => number) => round(meanOf(arm.trials.map(trial => of(lastOf(trial)))))
      return [
        arm.name, arm.length ?? null, arm.trials.length,
        ...(['meanIoU', 'trainIoU', 'boundaryF', 'pixelAccuracy', 'scribbleAccuracy'] as const).map(name => mean(point => point[name])),
        ...(lead ? [round(lead.mean), round(lead.low), round(lead.high)] : [null, null, null])
      ]
    })
  }
}

function classTable (arms: RanArm[]): Table {
  const { classes } = arms[0]!.trials[0]!.result
  return {
    name: 'classes',
    title: 'Intersection over union by class, of all test pictures together, mean over seeds',
    columns: ['method', ...classes],
    rows: arms.map(({ name, trials }) => [name, ...classes.map((_, k) => {
      const values = trials.flatMap(trial => lastOf(trial).classIoU[k] ?? [])
      return values.length === 0 ? null : round(meanOf(values))
    })])
  }
}

function energyTable (arms: RanArm[]): Table {
  const mean = (values: (number | null)[]) => values.some(value => value === null) ? null : round(meanOf(values as number[]))
  return {
    name: 'energies',
    title: 'Discrete grid-CRF energy of the training pictures: lambda 1, mean over pictures and seeds',
    columns: ['method', 'of the prediction', 'of X', 'of the masks', 'pixels where X differs'],
    rows: arms.map(({ name, trials }) => {
      const last = trials.map(lastOf)
      return [
        name,
        mean(last.map(({ pottsEnergy }) => pottsEnergy)),
        mean(last.map(({ pottsEnergy, gap }) => gap === null ? null : pottsEnergy - gap)),
        mean(trials.map(({ result }) => result.truthEnergy)),
        mean(last.map(({ disagreement }) => disagreement))
      ]
    })
  }
}
