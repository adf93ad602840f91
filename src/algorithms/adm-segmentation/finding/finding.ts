/**
 * Finds what pictures are fed beside themselves, by the trial's thread alone or by its crew: a picture's row depends on nothing
 * but the picture, so that numbers are the same with any crew. Next hops: desk.ts, member.ts.
 */
import type { RunContext } from '../../contract.js'
import { beginRound } from '../../kit/rounds.js'
import type { Beside } from '../beside.js'
import { createDesk, workAt, type FindingSpec } from './desk.js'

export interface Finding {
  /**
   * Finds the rows of some pictures.
   * @param shares what the network says of them, one after the other; empty where it is not looked at
   * @param last   rows of all pictures as they were before
   * @param into   rows of all pictures; those of others stay
   */
  (indices: Int32Array, shares: Float32Array, last: Float32Array, into: Float32Array): void
}

/** By this thread. */
export function findAlone (beside: Beside, widthOfShares: number): Finding {
  const { width, find } = beside
  return (indices, shares, last, into) => {
    indices.forEach((i, at) => {
      const said = shares.subarray(at * widthOfShares, (at + 1) * widthOfShares)
      find(i, said, last.slice(i * width, (i + 1) * width), into.subarray(i * width, (i + 1) * width))
    })
  }
}

/** By a crew, which it opens. @param capacity pictures of a round at most */
export function findByCrew (
  spec: FindingSpec, beside: Beside, { open, size, capacity }: { open: RunContext['crew'], size: number, capacity: number }
): Finding {
  const desk = createDesk(spec, beside, capacity)
  const crew = open(size, { module: new URL('./member.js', import.meta.url).href, export: 'findShare' }, desk)
  const { widths: { shares: ofShares, rows: ofRows } } = desk

  function round (indices: Int32Array, shares: Float32Array, last: Float32Array, into: Float32Array): void {
    desk.words[1] = indices.length
    desk.indices.set(indices)
    desk.shares.set(shares)
    indices.forEach((i, at) => { desk.rows.set(last.subarray(i * ofRows, (i + 1) * ofRows), at * ofRows) })
    beginRound(desk.words)
    workAt(desk, beside, crew)
    crew.barrier()
    indices.forEach((i, at) => { into.set(desk.rows.subarray(at * ofRows, (at + 1) * ofRows), i * ofRows) })
  }

  return (indices, shares, last, into) => {
    for (let from = 0; from < indices.length; from += capacity) {
      round(indices.subarray(from, from + capacity), shares.subarray(from * ofShares, (from + capacity) * ofShares), last, into)
    }
  }
}
