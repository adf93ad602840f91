/**
 * Rings for those who follow an experiment when it has new events: one listener on the bus for all followers of this
 * process. A ring says "look again", with the number of the last event when that is known.
 */
import type { Bus } from '../../jobs/bus.js'

/** Called when there may be news; head is undefined after a reconnect, when anything may have been missed. */
export type Ring = (head: number | undefined) => void

export interface Doorbell {
  /** Rings for one experiment. @returns a function that ends it */
  on (experimentId: string, ring: Ring): () => void
  /** Stops listening to the bus. */
  close (): void
}

/** Listens to the bus for all followers. */
export function createDoorbell (bus: Pick<Bus, 'on'>): Doorbell {
  const followers = new Map<string, Set<Ring>>()

  const close = bus.on('events', payload => {
    const [experimentId = '', head = ''] = payload.split(' ')
    if (experimentId !== '') return ringAll(followers.get(experimentId), Number(head))
    for (const rings of followers.values()) ringAll(rings, undefined)
  })

  function on (experimentId: string, ring: Ring): () => void {
    const rings = followers.get(experimentId) ?? new Set()
    followers.set(experimentId, rings.add(ring))
    return () => {
      rings.delete(ring)
      if (rings.size === 0 && followers.get(experimentId) === rings) followers.delete(experimentId)
    }
  }

  return { on, close }
}

function ringAll (rings: Set<Ring> | undefined, head: number | undefined): void {
  for (const ring of rings ?? []) ring(head)
}
