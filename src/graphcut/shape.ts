/** The pixels of a picture as nodes, and which of them are neighbours. */

/** Ways to a neighbour; every arc is on one of them, forwards or backwards. The first two are those of 4 neighbours. */
export const ways = [
  { name: 'right', x: 1, y: 0 }, { name: 'down', x: 0, y: 1 }, { name: 'down-right', x: 1, y: 1 }, { name: 'down-left', x: -1, y: 1 }
] as const

export interface GridShape {
  /** pixels */
  width: number
  height: number
  neighbours: 4 | 8
}
