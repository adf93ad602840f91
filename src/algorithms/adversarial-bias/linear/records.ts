/** At which steps a training is recorded. Pure. */

/**
 * Log-spaced steps from 1 to the last one, so many for a factor of ten, every step where they are denser than steps.
 * @returns ascending, the last step included
 */
export function recordSteps (steps: number, perDecade: number): number[] {
  const recorded = new Set<number>()
  for (let j = 0; ; j++) {
    const step = Math.round(10 ** (j / perDecade))
    if (step >= steps) break
    recorded.add(step)
  }
  return [...recorded, steps]
}

/** At most so many of them, evenly, the last one included. */
export function thin<Item> (items: readonly Item[], most: number): Item[] {
  if (items.length <= most) return [...items]
  return Array.from({ length: most }, (_, i) => items[Math.round(i * (items.length - 1) / (most - 1))]!)
}
