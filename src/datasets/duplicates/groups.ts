/** Rows that hang together by way of each other (union-find; the lowest row stands for all). */

/** Two or more rows that are copies of each other, directly or by way of others. */
export interface CopyGroup {
  /** ascending */
  rows: number[]
  /** for each of them the first row of all with the same bytes: equal ones are exact copies, others near ones */
  firsts: number[]
}

export interface RowGroups {
  isJoined (a: number, b: number): boolean
  join (a: number, b: number): void
  /** Those with two rows and more, in the order of their first rows. */
  list (): CopyGroup[]
}

/** Begins with the exact copies. @param firsts for every row the first one with the same bytes */
export function createGroups (firsts: Int32Array): RowGroups {
  const parents = firsts.slice()
  const rootOf = (row: number): number => {
    while (parents[row] !== row) row = parents[row] = parents[parents[row]!]!
    return row
  }
  return {
    isJoined: (a, b) => rootOf(a) === rootOf(b),
    join (a, b) {
      const [one, other] = [rootOf(a), rootOf(b)]
      parents[Math.max(one, other)] = Math.min(one, other)
    },
    list () {
      const groups = new Map<number, CopyGroup>()
      firsts.forEach((first, row) => {
        const root = rootOf(row)
        const group = groups.get(root) ?? { rows: [], firsts: [] }
        group.rows.push(row)
        group.firsts.push(first)
        groups.set(root, group)
      })
      return [...groups.values()].filter(({ rows }) => rows.length > 1)
    }
  }
}
