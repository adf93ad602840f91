/** Kendall's rank correlation between an order and times of which some are known only to lie beyond the end. Pure. */

/** Pairs of things, by what their times say of their order. Each pair counts once. */
export interface Pairs {
  /** ordered by the times as by the order */
  concordant: number
  /** the other way round */
  discordant: number
  /** equal times */
  tied: number
  /** neither time came before the end: which of them is the earlier is not known */
  censored: number
}

/** A time that did not come before the end. */
type Time = number | null

/**
 * Counts pairs. All times have one end, so that a known time is before one that is not (right-censoring at a common end;
 * Oakes 1982 counts the same pairs). Pairs that are equal in the order are left out.
 * @param order larger is expected later @param times null: not before the end
 */
export function countPairs (order: readonly number[], times: readonly Time[]): Pairs {
  const pairs: Pairs = { concordant: 0, discordant: 0, tied: 0, censored: 0 }
  for (let i = 0; i < order.length; i++) {
    for (let j = 0; j < i; j++) {
      const expected = Math.sign(order[i]! - order[j]!)
      if (expected !== 0) pairs[relationOf(expected, times[i]!, times[j]!)]++
    }
  }
  return pairs
}

function relationOf (expected: number, a: Time, b: Time): keyof Pairs {
  if (a === null && b === null) return 'censored'
  const found = a === null ? 1 : b === null ? -1 : Math.sign(a - b)
  return found === 0 ? 'tied' : found === expected ? 'concordant' : 'discordant'
}

/**
 * Kendall's tau-b, -1 .. 1, over the pairs whose order is known: (C - D) / sqrt((C + D) (C + D + T)) for C concordant, D
 * discordant and T tied ones. 1: always as expected; 0 on average when times know nothing of the order.
 * @returns 0 when all are tied; null when the order of no pair is known
 */
export function kendallTau ({ concordant, discordant, tied }: Pairs): number | null {
  const untied = concordant + discordant
  if (untied + tied === 0) return null
  return untied === 0 ? 0 : (concordant - discordant) / Math.sqrt(untied * (untied + tied))
}
