/** What networks can be held against, over seeds with 95 % intervals; arms are paired by seed. Pure. */
import { leadOf, saySure, sureOf, type Sure } from '../../kit/sure.js'
import { isClean, isSame } from '../arms.js'
import type { NetworkClaim } from '../claim-names.js'
import type { Claim } from './linear-claims.js'
import { cleanNetwork, type NetworkArm } from './trials.js'

/** What training against an adversary keeps more than clean training, at least: 30 points of a hundred. */
const keptMore = 0.3

/** The claims by name. */
export const networkJudges: Record<NetworkClaim, Claim<NetworkArm>> = {
  robust: {
    says: () => `at the radius that it was trained against a network reads ${100 * keptMore} points of a hundred more test examples rightly than the same network after clean training, and no check finds its gradients masked`,
    judge (arms) {
      const judged = arms.filter(arm => !isClean(arm)).flatMap(arm => {
        const clean = cleanNetwork(arms, arm)
        if (clean === undefined) return []
        const at = arm.trials[0]!.of.radius
        const [ours, theirs] = [accuraciesAt(arm, at), accuraciesAt(clean, at)]
        const failed = arm.trials.flatMap(({ of: { checks } }) => checks.filter(({ passed }) => !passed).map(({ name }) => name))
        return [{ arm, at, more: leadOf(ours, theirs), robust: sureOf(ours), plain: sureOf(theirs), failed: [...new Set(failed)] }]
      })
      return {
        holds: judged.length === 0 ? null : judged.every(({ more, failed }) => more.low >= keptMore && failed.length === 0),
        evidence: judged.map(({ arm, at, more, robust, plain, failed }) =>
          `at ${at} ${arm.name} reads ${percent(robust)} rightly, clean training ${percent(plain)}, ${saySure(more)} more` +
          (failed.length === 0 ? ', all checks passed' : `, but the checks ${failed.join(' and ')} failed`)).join('; ')
      }
    }
  },
  wide: {
    says: () => 'of networks that are trained against the same radius the one with most weights reads more test examples rightly at that radius than the one with fewest',
    judge (arms) {
      const judged = groupsOf(arms).map(group => {
        const [narrow, wide] = [group[0]!, group.at(-1)!]
        const at = narrow.trials[0]!.of.radius
        return { narrow, wide, at, more: leadOf(accuraciesAt(wide, at), accuraciesAt(narrow, at)) }
      })
      return {
        holds: judged.length === 0 ? null : judged.every(({ more }) => more.low > 0),
        evidence: judged.map(({ narrow, wide, at, more }) => `at ${at} ${wide.name} reads ${saySure(more)} more of them rightly than ${narrow.name}`).join('; ')
      }
    }
  }
}

/** Arms of one radius and norm, the fewest weights first; radii that a single network was trained against are left out. */
function groupsOf (arms: NetworkArm[]): NetworkArm[][] {
  const moved = arms.filter(arm => !isClean(arm))
  const same = (left: NetworkArm, right: NetworkArm) => left.q === right.q && isSame(left.radius, right.radius)
  return moved.filter((arm, i) => moved.findIndex(other => same(other, arm)) === i)
    .map(first => moved.filter(arm => same(arm, first)).sort((a, b) => a.trials[0]!.of.parameters - b.trials[0]!.of.parameters))
    .filter(group => group[0]!.trials[0]!.of.parameters < group.at(-1)!.trials[0]!.of.parameters)
}

/** Part of the attacked examples that is read rightly at a radius at the end, one per seed; null where it was not measured. */
export function accuraciesAt ({ trials }: NetworkArm, radius: number): (number | null)[] {
  return trials.map(({ of: { curve } }) => curve.find(point => point.radius === radius)?.accuracy ?? null)
}

function percent ({ mean }: Sure): string {
  return `${(100 * mean).toFixed(1)} %`
}
