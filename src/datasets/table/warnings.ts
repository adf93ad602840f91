/** What may be wrong with a table although it can be read: looked for in what was counted, and said with the numbers. */
import { show } from '../limits.js'
import type { DatasetReport, Warning } from '../report.js'
import type { TypedColumn } from './find-types.js'
import { readMoments } from './moments.js'
import type { PlannedColumn } from './plan.js'

/** Fewer rows say nothing of a column that counts, or that goes with the target. */
const FEW = 10
/** What people and programs write where there is no value. */
const LOOKS_MISSING = new Set(['?', '-', '--', '.', 'na', 'n/a', '#n/a', 'nan', 'null', 'none', 'nil', 'missing', 'unknown'])

interface Named { name: string, column: TypedColumn, planned: PlannedColumn | undefined }

/** Looks for what may be wrong with columns that are inputs. @param rows  of all files */
export function warnOfColumns (columns: readonly Named[], rows: number, hasTestFile: boolean): Warning[] {
  return columns.flatMap(one => [
    ...warnOfConstant(one, rows), ...warnOfRowNumbers(one, rows), ...warnOfTwin(one, rows), ...warnOfRounding(one),
    ...warnOfWords(one), ...hasTestFile ? warnOfDifference(one) : []
  ])
}

/** Looks for what may be wrong with classes. */
export function warnOfClasses (classes: DatasetReport['classes'], unusedRenames: readonly string[]): Warning[] {
  const rare = classes.filter(({ train, test }) => train + test === 1)
  const untrained = classes.filter(({ train }) => train === 0)
  const list = (some: typeof classes): string => some.slice(0, 5).map(({ name }) => show(name)).join(', ') + (some.length > 5 ? `, ... (${some.length})` : '')
  return [
    ...rare.length > 0 ? [{ code: 'rare_class', text: `one row only has the class ${list(rare)}` }] : [],
    ...untrained.length > 0 ? [{ code: 'untrained_class', text: `no row to train on has the class ${list(untrained)}` }] : [],
    ...unusedRenames.length > 0 ? [{ code: 'unused_rename', text: `renameClasses names ${unusedRenames.map(show).join(', ')}, which no row has` }] : []
  ]
}

function warnOfConstant ({ name, column: { profile } }: Named, rows: number): Warning[] {
  const numbers = readMoments(profile.moments)
  const distinct = (numbers?.distinct ?? (numbers ? 2 : 0)) + profile.words.counts.size
  if (rows < 2 || distinct !== 1 || profile.firstMissing !== undefined) return []
  return [{ code: 'constant_column', column: name, text: `column ${show(name)} has the same value in all of the ${rows} rows, so that nothing can be learned from it` }]
}

function warnOfRowNumbers ({ name, column: { profile, type } }: Named, rows: number): Warning[] {
  const counts = type === 'number' && profile.moments.countsUp && profile.firstMissing === undefined && readMoments(profile.moments)!.count >= FEW
  return counts ? [{ code: 'row_numbers', column: name, text: `column ${show(name)} counts the ${rows} rows; say columns={${show(name)}: "ignore"} if it means nothing` }] : []
}

function warnOfTwin ({ name, column: { profile } }: Named, rows: number): Warning[] {
  const { twin } = profile
  if (twin === undefined || rows < FEW || twin.valueOf.size < 2 || 2 * twin.valueOf.size > rows) return []
  return [{ code: 'twin_of_target', column: name, text: `column ${show(name)} says the same as the target: each of its ${twin.valueOf.size} values goes with one of the target's` }]
}

function warnOfRounding ({ name, column: { profile, type } }: Named): Warning[] {
  if (type !== 'number' || profile.firstRounded === undefined) return []
  const { line, text } = profile.firstRounded
  return [{ code: 'large_integers', column: name, text: `column ${show(name)} has ${profile.rounded} integers that float32 does not hold: ${text} on line ${line} became ${BigInt(Math.fround(Number(text)))}` }]
}

function warnOfWords ({ name, column: { profile, type, told }, planned }: Named): Warning[] {
  if (type !== 'category') return []
  const { words } = profile
  const missing = [...words.counts.keys()].filter(word => LOOKS_MISSING.has(word.toLowerCase()))
  const isCut = planned?.type === 'category' && planned.other && told?.detail === undefined && [...words.counts].filter(([, { train }]) => train > 0).length > planned.words.length
  return [
    ...missing.length > 0 ? [{ code: 'looks_missing', column: name, text: `column ${show(name)} has the word ${missing.map(show).join(', ')}, which is taken as it stands; if it means no value, name it in missing` }] : [],
    ...isCut || words.isFull ? [{ code: 'many_words', column: name, text: `column ${show(name)} has ${words.isFull ? 'more than ' : ''}${words.counts.size} different words: the ${(planned as { words: string[] }).words.length} most frequent ones have a number of their own, all others are "other"` }] : []
  ]
}

function warnOfDifference ({ name, column: { profile, type } }: Named): Warning[] {
  if (type !== 'category') return []
  const words = [...profile.words.counts]
  const untrained = words.filter(([, { train }]) => train === 0).map(([word]) => word)
  const untested = words.filter(([, { test }]) => test === 0).length
  if (untrained.length === 0 && untested === 0) return []
  const other = untrained.length === 0 ? '' : `: ${untrained.slice(0, 5).map(show).join(', ')} ${untrained.length > 5 ? 'and others are' : untrained.length > 1 ? 'are' : 'is'} "other"`
  return [{ code: 'different_categories', column: name, text: `column ${show(name)} has ${untrained.length} words in the test file only, and ${untested} in the training file only${other}` }]
}
