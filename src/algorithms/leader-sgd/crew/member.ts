/** What a member of a crew does, in either mode: it runs its part of the workers, and tells the others by shared memory alone. */
import type { CrewMember } from '../../contract.js'
import { followApart, type SharedApart } from './apart-thread.js'
import { followInStep, type SharedInStep } from './in-step.js'
import { openMeans } from './shared.js'

/** Mode sync. */
export async function trainInStep (member: CrewMember, shared: SharedInStep): Promise<void> {
  const means = await openMeans(member, shared)
  try {
    followInStep(member, shared, means)
  } finally {
    means.learning.dispose()
  }
}

/** Mode async. */
export async function trainApart (member: CrewMember, shared: SharedApart): Promise<void> {
  const means = await openMeans(member, shared)
  try {
    followApart(member, shared, means)
  } finally {
    means.learning.dispose()
  }
}
