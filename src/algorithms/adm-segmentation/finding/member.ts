/** What another member of a crew does: its share of every round, until the trial has ended. */
import type { CrewMember } from '../../contract.js'
import { awaitRound } from '../../kit/rounds.js'
import { besideOf } from '../beside.js'
import { workAt, type Desk } from './desk.js'

export function findShare (member: CrewMember, desk: Desk): void {
  const beside = besideOf(desk.spec.method, desk.spec)!
  for (let round = 0; ;) {
    round = awaitRound(desk.words, round, member.ended)
    if (round === 0) return
    workAt(desk, beside, member)
    member.barrier()
  }
}
