/** A member of a test's crew whose thread ends while it works, as memory that runs out ends one: always at the same place. */
import type { CrewEntry, CrewMember } from '../../src/algorithms/contract.js'

/** What it really is, and how often it has looked whether the trial has ended when its thread does. */
export interface Dying { entry: CrewEntry, looks: number, shared: unknown }

/** Works as the real one until its last look. */
export async function dies (member: CrewMember, { entry, looks, shared }: Dying): Promise<void> {
  const { [entry.export]: work } = await import(entry.module) as Record<string, (member: CrewMember, shared: unknown) => Promise<void>>
  let looked = 0
  await work!({
    ...member,
    ended () {
      if (++looked === looks) process.exit(7)
      return member.ended()
    }
  }, shared)
}
