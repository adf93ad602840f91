/** Copies among a trial's examples with their labels: what a row says of them, and what is said of all. Pure. */
import type { Copies, CopyGroup } from '../../../datasets/duplicates/index.js'
import { maxCopies, maxGroups, maxMembers, type Copy, type CopySummary, type Group } from './spec.js'

/** The examples of a trial: training examples, then test examples, by row of the search. */
export interface Labelling {
  trainCount: number
  /** as a result has it: a class or values */
  labelOf (row: number): number | number[]
  /** position in its split */
  indexOf (row: number): number
}

/** What a row of the ranking says of an example's copies. */
export interface OwnCopies { copyCount: number, copies: Copy[], otherLabels: boolean }

interface Judged {
  group: CopyGroup
  labels: string[]
  isConflicting: boolean
  isLeaking: boolean
}

/** Joins copies with labels. */
export function judgeCopies (found: Copies, examples: Labelling): { summary: CopySummary, copiesOf: (row: number) => OwnCopies } {
  const judged = found.groups.map(group => judgeGroup(group, examples))
  const groupOf = new Map<number, Judged>()
  for (const one of judged) for (const row of one.group.rows) groupOf.set(row, one)

  function copiesOf (row: number): OwnCopies {
    const own = groupOf.get(row)
    if (own === undefined) return { copyCount: 0, copies: [], otherLabels: false }
    const { group: { rows, firsts }, labels } = own
    const at = rows.indexOf(row)
    const others = rows.map((_, k) => k).filter(k => k !== at)
    const sorted = [...others.filter(k => labels[k] !== labels[at]), ...others.filter(k => labels[k] === labels[at])]
    return {
      copyCount: others.length,
      copies: sorted.slice(0, maxCopies).map(k => toCopy(rows[k]!, firsts[k] === firsts[at], examples)),
      otherLabels: others.some(k => labels[k] !== labels[at])
    }
  }

  const sorted = [
    ...judged.filter(({ isConflicting }) => isConflicting),
    ...judged.filter(({ isConflicting, isLeaking }) => !isConflicting && isLeaking),
    ...judged.filter(({ isConflicting, isLeaking }) => !isConflicting && !isLeaking)
  ]
  return {
    summary: {
      ...countCopies(judged, examples.trainCount),
      threshold: found.threshold,
      leftOut: found.leftOut,
      groups: sorted.slice(0, maxGroups).map(one => toGroup(one, examples)),
      groupCount: judged.length
    },
    copiesOf
  }
}

function judgeGroup (group: CopyGroup, { labelOf, trainCount }: Labelling): Judged {
  const labels = group.rows.map(row => JSON.stringify(labelOf(row)))
  return {
    group,
    labels,
    isConflicting: new Set(labels).size > 1,
    isLeaking: group.rows[0]! < trainCount && group.rows.at(-1)! >= trainCount
  }
}

function countCopies (judged: Judged[], trainCount: number): Pick<CopySummary, 'exact' | 'near' | 'conflicting' | 'leaked'> {
  const counts = { exact: 0, near: 0, conflicting: 0, leaked: 0 }
  for (const { group: { rows, firsts }, labels } of judged) {
    const train = rows.filter(row => row < trainCount).length
    if (train > 0) counts.leaked += rows.length - train
    if (train < 2) continue
    const kinds = new Map<number, number>() // training examples by their bytes
    for (const first of firsts.slice(0, train)) kinds.set(first, (kinds.get(first) ?? 0) + 1)
    for (const size of kinds.values()) {
      if (size > 1) counts.exact += size
      else counts.near++
    }
    if (new Set(labels.slice(0, train)).size > 1) counts.conflicting += train
  }
  return counts
}

/** The first, then those with another label. */
function toGroup ({ group: { rows, firsts }, labels }: Judged, examples: Labelling): Group {
  const places = rows.map((_, k) => k)
  const sorted = [0, ...places.filter(k => labels[k] !== labels[0]), ...places.filter(k => k > 0 && labels[k] === labels[0])]
  return {
    members: sorted.slice(0, maxMembers).map(k => toCopy(rows[k]!, firsts[k] === firsts[0], examples)),
    count: rows.length
  }
}

function toCopy (row: number, exact: boolean, { trainCount, indexOf, labelOf }: Labelling): Copy {
  return { split: row < trainCount ? 'train' : 'test', index: indexOf(row), label: labelOf(row), exact }
}
