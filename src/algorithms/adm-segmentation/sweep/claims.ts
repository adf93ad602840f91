/** What sweeps can be held against: the widest dense kernel beside the grid, labels alone, paired by picture with 95 % intervals. Pure. */
import { meanInterval } from '../../../math/intervals.js'
import type { SweepClaimName } from '../claim-names.js'
import type { Claim } from '../report/claims.js'
import type { SweptArm } from './arms.js'
import type { Sweep } from './curve.js'
import type { SweptPicture } from './result.js'

/** Set before anything was measured: "wider" is twice as many places to come from, "flatter" any more. */
const WIDER = 2

/** The claims by name. */
export const sweepClaims: Record<SweepClaimName, Claim<SweptArm>> = {
  'dense-basin-wider': {
    says: () => `from ${WIDER} times as many positions at least descent on what a boundary costs finds the true one with the widest dense kernel as with the grid`,
    judge: compare(({ basin }) => basin, WIDER, 'positions that lead to the true boundary')
  },
  'dense-minimum-flatter': {
    says: () => 'with the widest dense kernel the cost’s minimum at the true boundary is wider at half its depth than with the grid',
    judge: compare(({ halfWidth }) => halfWidth, 1, 'positions at least half as deep')
  }
}

/** Whether a number of a picture is more than so many times the grid's. */
function compare (of: (picture: SweptPicture) => number, times: number, what: string): Claim<SweptArm>['judge'] {
  return arms => {
    const [grid, dense] = [labelsAlone(arms, 'grid')[0], labelsAlone(arms, 'dense').sort((a, b) => positionOf(b) - positionOf(a))[0]]
    if (!grid || !dense) return { holds: null, evidence: 'no arms to compare' }
    const [theirs, ours] = [grid, dense].map(arm => arm.result.pictures.map(of)) as [number[], number[]]
    const more = meanInterval(ours.map((value, i) => value - times * theirs[i]!))
    const [left, right] = [ours, theirs].map(values => say(values.reduce((sum, value) => sum + value, 0) / values.length))
    const evidence = `${what}: ${dense.name} has ${left}, ${grid.name} ${right}`
    if (!more) return { holds: null, evidence: `${evidence}; one picture has no interval` }
    const than = times === 1 ? 'the grid' : `${times} times the grid`
    return {
      holds: more.low > 0 ? true : more.high <= 0 ? false : null,
      evidence: `${evidence}, ${say(more.mean)} above ${than} (${say(more.low)} to ${say(more.high)}, ${more.count} pictures)`
    }
  }
}

function labelsAlone (arms: readonly SweptArm[], type: Sweep['pairs']['type']): SweptArm[] {
  return arms.filter(({ method: { pairs, ramp } }) => pairs.type === type && ramp === 0)
}

function positionOf ({ method: { pairs } }: SweptArm): number {
  return pairs.type === 'dense' ? pairs.position : 0
}

function say (value: number): string {
  return value.toFixed(2)
}
