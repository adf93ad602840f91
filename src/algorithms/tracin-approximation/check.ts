/** What a spec that fits its schema still gets wrong, alone or with the data set it names. Pure. */
import type { DatasetDescription } from '../../datasets/dataset.js'
import { describeLabelled } from '../../datasets/labelled.js'
import type { Violation } from '../../errors.js'
import type { InputDescriptions } from '../contract.js'
import { accepts, countsOf, netOf } from './data.js'
import type { ApproximationSpec } from './spec.js'
import { maxBytes, maxUnitNanoseconds, workOf } from './work.js'

/** Lists the broken rules. */
export function check (spec: ApproximationSpec, { data: { data } }: InputDescriptions): Violation[] {
  return [...checkCounts(spec), ...checkWarmup(spec), ...checkClaims(spec), ...(data === undefined ? [] : checkData(spec, data))]
}

function checkCounts ({ checkpoints: { counts }, epochs }: ApproximationSpec): Violation[] {
  return counts.flatMap((count, i) => count <= epochs
    ? []
    : [{ path: `spec.checkpoints.counts[${i}]`, rule: `must be <= ${epochs}, the number of epochs`, got: count }])
}

function checkWarmup ({ schedule: { warmup = 0 }, epochs }: ApproximationSpec): Violation[] {
  if (warmup < epochs) return []
  return [{ path: 'spec.schedule.warmup', rule: `must be < ${epochs}, the number of epochs`, got: warmup }]
}

/** What each claim compares must be there. */
function checkClaims ({ claims, learningRates, checkpoints: { counts }, projections }: ApproximationSpec): Violation[] {
  const needed = [
    { claim: 'rates', path: 'spec.learningRates', least: 2, got: learningRates },
    { claim: 'checkpoints', path: 'spec.checkpoints.counts', least: 2, got: counts },
    { claim: 'projections', path: 'spec.projections', least: 3, got: projections }
  ] as const
  return needed.filter(({ claim, least, got }) => claims.includes(claim) && got.length < least)
    .map(({ claim, path, least, got }) => ({ path, rule: `must have ${least} entries or more for the claim ${claim}`, got: [...got] }))
}

function checkData (spec: ApproximationSpec, data: DatasetDescription): Violation[] {
  const described = describeLabelled(data, 'spec.data', accepts)
  const { train, tests } = countsOf(spec, described)
  if (train < 2) return [{ path: 'spec.data', rule: 'must have at least 2 training examples', got: train }]
  if (tests < 1) return [{ path: 'spec.data', rule: 'must have test examples', got: tests }]
  const { target } = described
  if (target.type === 'classes' && target.names.length < 2) return [{ path: 'spec.data', rule: 'must have at least 2 classes', got: target.names.length }]
  const work = workOf(spec, { train, tests, batchSize: Math.max(...spec.batchSizes), net: netOf(spec, described) }, 1)
  const longest = Math.max(work.step, work.products, spec.projections.length > 0 ? work.row : 0)
  if (longest > maxUnitNanoseconds) {
    return [{
      path: 'spec.trainExamples',
      rule: `with testExamples and network must need at most ${maxUnitNanoseconds / 1e9} s for a step or a checkpoint, needs about ${(longest / 1e9).toPrecision(2)} s`,
      got: train
    }]
  }
  if (work.bytes <= maxBytes) return []
  const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20)
  return [{ path: 'spec.trainExamples', rule: `with testExamples and checkpoints must need at most ${mebibytes(maxBytes)} MiB, needs ${mebibytes(work.bytes)} MiB`, got: train }]
}
