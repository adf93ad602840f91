/** What another member of a crew does: its share of every block, until the trial has ended. */
import type { CrewMember } from '../../contract.js'
import { awaitRound } from '../../kit/rounds.js'
import type { Block } from './block.js'
import { openShare } from './share.js'
import type { SolvingSpec } from './solving.js'

export function solveShares (member: CrewMember, { spec, block }: { spec: SolvingSpec, block: Block }): void {
  const share = openShare(spec, block, member)
  try {
    for (let round = 0; ;) {
      round = awaitRound(block.order.words, round, member.ended)
      if (round === 0) return
      share.work()
      member.barrier()
    }
  } finally {
    share.close()
  }
}
