/** What a spec can be held against, over pictures and seeds with 95 % intervals; arms are paired by both. Pure. */
import { meanInterval } from '../../../math/intervals.js'
import type { Judged } from '../../kit/verdict.js'
import type { TrainingClaimName } from '../claim-names.js'
import type { SegmentationSpec } from '../spec.js'
import { armsLike, bestOf, lastOf, leadOf, lengthsOf, meanScore, pairsOf, type RanArm } from './trials.js'

/** @typeParam Arm of a method that trains when left out */
export interface Claim<Arm = RanArm> {
  /** in words, after "that" */
  says (spec: SegmentationSpec): string
  judge (arms: Arm[], spec: SegmentationSpec): Judged
}

/** As good: not behind by more than half a point of a hundred, with 95 %. */
const SAME = 0.005
/** What a plain program gave on scenes of its own, before this one ran. */
const ACCURATE = 0.99
const ERASED = 0.08
const WITHSTOOD = 0.02

/** The claims by name. */
export const claims: Record<TrainingClaimName, Claim> = {
  'adm-over-gd': {
    says: () => 'with its best lambda ADM on a grid CRF reads pictures no worse than gradient descent on its relaxations with theirs, for every length of scribbles',
    judge: compare(['adm', 'grid'], ['gd', 'grid'], ({ low }) => low >= -SAME)
  },
  'gd-over-pce': {
    says: () => 'with its best lambda gradient descent on a grid CRF’s relaxation reads pictures no worse than partial cross-entropy alone',
    judge: compare(['gd', 'grid'], ['pce'], ({ low }) => low >= -SAME)
  },
  'adm-accurate': {
    says: () => `ADM with its best lambda has a mean IoU of ${ACCURATE} at least`,
    judge: (arms, { judged }) => all(arms, length => {
      const adm = bestOf(armsLike(arms, 'adm', { pairs: 'grid', length }), judged)
      if (!adm) return undefined
      const score = meanScore(adm, judged)
      return { holds: score >= ACCURATE, evidence: `${adm.name} has ${score.toFixed(4)}` }
    })
  },
  'adm-lower-energy': {
    says: () => 'what ADM’s network says of the training pictures has a discrete grid-CRF energy no higher than what gradient descent’s says, the best of each',
    judge: (arms, { judged }) => all(arms, length => {
      const [adm, gd] = [bestOf(armsLike(arms, 'adm', { pairs: 'grid', length }), judged), bestOf(armsLike(arms, 'gd', { pairs: 'grid', length }), judged)]
      if (!adm || !gd) return undefined
      const differences = pairsOf(adm, gd).map(([ours, theirs]) => lastOf(ours).pottsEnergy - lastOf(theirs).pottsEnergy)
      if (differences.length === 0) return undefined
      const { mean, low, high } = meanInterval(differences) ?? { mean: differences[0]!, low: differences[0]!, high: differences[0]! }
      return { holds: high <= 0 ? true : low > 0 ? false : null, evidence: `${adm.name} ends ${mean.toFixed(2)} above ${gd.name} (${low.toFixed(2)} to ${high.toFixed(2)})` }
    })
  },
  'gd-erases': {
    says: () => `with poor scribbles gradient descent on a grid CRF’s relaxation reads pictures worse than partial cross-entropy, by ${ERASED} of IoU at least`,
    judge: compare(['gd', 'grid'], ['pce'], ({ mean, high }) => mean <= -ERASED && high < 0)
  },
  'adm-withstands': {
    says: () => `with poor scribbles ADM stays within ${WITHSTOOD} of IoU below partial cross-entropy`,
    judge: compare(['adm', 'grid'], ['pce'], ({ mean }) => mean >= -WITHSTOOD)
  },
  'gd-prefers-smooth': {
    says: () => 'gradient descent reads pictures no worse with its best kernel of a dense CRF, whose loss is smoother, than with its best relaxation of the grid’s',
    judge: compare(['gd', 'dense'], ['gd', 'grid'], ({ low }) => low >= -SAME)
  }
}

type Side = [type: 'adm' | 'gd' | 'pce', pairs?: 'grid' | 'dense']

/** Compares the best arms of two methods, for every length. */
function compare ([type, pairs]: Side, [other, theirs]: Side, is: (lead: { mean: number, low: number, high: number }) => boolean): Claim['judge'] {
  return (arms, { judged }) => all(arms, length => {
    const left = bestOf(armsLike(arms, type, { length, ...(pairs && { pairs }) }), judged)
    const right = bestOf(armsLike(arms, other, { length, ...(theirs && { pairs: theirs }) }), judged)
    if (!left || !right) return undefined
    const lead = leadOf(left, right, judged)
    if (!lead) return undefined
    return { holds: is(lead), evidence: `${left.name} is ${say(lead.mean)} above ${right.name} (${say(lead.low)} to ${say(lead.high)})` }
  })
}

/** Every length must hold; a length that lacks an arm says nothing. */
function all (arms: RanArm[], judge: (length: number | undefined) => Judged | undefined): Judged {
  const judged = lengthsOf(arms).flatMap(length => judge(length) ?? [])
  const holds = judged.map(one => one.holds)
  return {
    holds: judged.length === 0 || (holds.includes(null) && !holds.includes(false)) ? null : !holds.includes(false),
    evidence: judged.map(({ evidence }) => evidence).join('; ') || 'no arms to compare'
  }
}

function say (value: number): string {
  return value.toFixed(4)
}
