/**
 * What is gathered of a column while a table is read for the first time, over all its files: enough to say its type and to
 * report on it. Cells that are numbers are counted as such and cost no text; all others are words.
 */
import { dateOrders, readDate, type DateOrder } from './date-cells.js'
import { addNumber, addNumbers, hasMoreThanSums, openMoments, type Moments } from './moments.js'
import { isRounded, EXACT_BELOW } from './numbers.js'
import type { UploadedFile } from '../limits.js'
import { isTwin, openTwin, type Twin } from './twins.js'
import { addWord, openWords, type WordBudget, type Words } from './words.js'

/** A cell that may have to be named in a message. */
export interface Place { file: UploadedFile, line: number, text: string }

export interface ColumnProfile {
  /** in the training file */
  position: number
  /** every cell is a word, also one that is a number: it was told to be none, or turned out to be none */
  readsWords: boolean
  moments: Moments
  words: Words
  /** cells of which the words are */
  wordCells: number
  missing: { train: number, test: number }
  firstMissing: Place | undefined
  /** the first cell that is no number */
  firstWord: Place | undefined
  /** the first integer that float32 does not hold, and how many there are */
  firstRounded: Place | undefined
  rounded: number
  /** the first number that float32 has no place for */
  firstHuge: Place | undefined
  /** the first cell with a control character, or too long to be a word */
  firstUnfit: Place | undefined
  blanks: number
  dates: Dates
  /** undefined once a row says otherwise */
  twin: Twin | undefined
  examples: string[]
}

export interface Dates {
  /** those that every word fits */
  orders: DateOrder[]
  has: 'day' | 'minute' | 'second'
  zone: string | undefined
  /** the first cell that fits none of the orders that were left */
  firstOther: Place | undefined
}

/** Where a cell is being read. */
export interface Reading { file: UploadedFile, split: 'train' | 'test', budget: WordBudget }

const MAX_EXAMPLES = 5
/** Rows in which examples are looked for. */
const EXAMPLE_ROWS = 200
const LONGEST_EXAMPLE = 200
/** Words of categories are kept in the database. */
export const LONGEST_WORD = 1000
const LARGEST = 3.4028235677973366e38 // half a step above the largest float32
const CONTROL = /\p{Cc}/u
/** The database keeps no NUL, and no one wants to look at the others; line ends and tabs are text. */
const UNSHOWN = /[^\P{Cc}\t\n\r]/gu

/** Begins to gather. @param order  of dates, where it is told */
export function openProfile (position: number, width: number, readsWords: boolean, order?: DateOrder): ColumnProfile {
  return {
    position,
    readsWords,
    moments: openMoments(width),
    words: openWords(),
    wordCells: 0,
    missing: { train: 0, test: 0 },
    firstMissing: undefined,
    firstWord: undefined,
    firstRounded: undefined,
    rounded: 0,
    firstHuge: undefined,
    firstUnfit: undefined,
    blanks: 0,
    dates: { orders: order === undefined ? [...dateOrders] : [order], has: 'day', zone: undefined, firstOther: undefined },
    twin: openTwin(),
    examples: []
  }
}

/**
 * Adds a cell that is a number.
 * @param target  of its row: a class's code or a value
 * @returns whether its text is needed too, for addNumberText: of most numbers it is not
 */
export function addNumberCell (profile: ColumnProfile, value: number, target: number): boolean {
  const { moments } = profile
  addNumber(moments, value)
  if (profile.twin !== undefined && !isTwin(profile.twin, value, target)) profile.twin = undefined
  return value >= EXACT_BELOW || value <= -EXACT_BELOW || profile.wordCells > 0 ||
    (profile.examples.length < MAX_EXAMPLES && moments.sums[0]! < EXAMPLE_ROWS)
}

/**
 * Adds the cells of some rows, if nothing but their numbers matters: that is how most rows of most columns are.
 * @returns false where it is not so; then none was added
 */
export function addNumberCells (profile: ColumnProfile, values: Float64Array, count: number): boolean {
  const { moments } = profile
  if (!isPlain(profile)) return false
  for (let i = 0; i < count; i++) if (!(values[i]! > -EXACT_BELOW && values[i]! < EXACT_BELOW)) return false
  addNumbers(moments, values, count)
  return true
}

/** Whether nothing but sums is to be found out of a column's next numbers. */
export function needsOnlySums (profile: ColumnProfile): boolean {
  return isPlain(profile) && !hasMoreThanSums(profile.moments)
}

/** Whether nothing but the numbers of a column's next cells matters. */
function isPlain ({ readsWords, moments, twin, wordCells, examples }: ColumnProfile): boolean {
  if (readsWords || twin !== undefined || wordCells > 0) return false
  return examples.length >= MAX_EXAMPLES || moments.sums[0]! >= EXAMPLE_ROWS
}

/** Adds what the text of a number tells. */
export function addNumberText (profile: ColumnProfile, value: number, cell: Place, { split, budget }: Reading): void {
  if (profile.examples.length < MAX_EXAMPLES) addExample(profile, cell.text)
  if (profile.wordCells > 0) addWord(profile.words, cell.text, split, budget)
  if (Math.abs(value) >= LARGEST) profile.firstHuge ??= cell
  else if (Math.abs(value) >= EXACT_BELOW && isRounded(cell.text, value)) {
    profile.firstRounded ??= cell
    profile.rounded++
  }
}

/** Adds a cell that has a word. */
export function addWordCell (profile: ColumnProfile, cell: Place, target: number, { split, budget }: Reading): void {
  const { text } = cell
  profile.wordCells++
  profile.firstWord ??= cell
  if (profile.examples.length < MAX_EXAMPLES) addExample(profile, text)
  for (let at = text.indexOf(' '); at >= 0; at = text.indexOf(' ', at + 1)) profile.blanks++
  if (!addWord(profile.words, text, split, budget)) addNewWord(profile, cell)
  if (profile.twin !== undefined && !isTwin(profile.twin, text, target)) profile.twin = undefined
}

/** Adds what a word tells once and for all. */
function addNewWord (profile: ColumnProfile, cell: Place): void {
  if (profile.firstUnfit === undefined && (cell.text.length > LONGEST_WORD || CONTROL.test(cell.text))) profile.firstUnfit = cell
  if (profile.dates.orders.length > 0) addDate(profile.dates, cell)
}

/** Adds a cell without a value. */
export function addMissingCell (profile: ColumnProfile, cell: Place, { split }: Reading): void {
  profile.missing[split]++
  profile.firstMissing ??= cell
  profile.twin = undefined
}

function addExample ({ examples }: ColumnProfile, text: string): void {
  const shown = text.length > LONGEST_EXAMPLE ? `${text.slice(0, LONGEST_EXAMPLE)}…` : text
  const plain = Buffer.from(shown.replaceAll(UNSHOWN, '\ufffd')).toString()
  if (!examples.includes(plain)) examples.push(plain)
}

function addDate (dates: Dates, cell: Place): void {
  const orders = dates.orders.filter(order => readDate(cell.text, order) !== undefined)
  const read = orders.length > 0 ? readDate(cell.text, orders[0]!) : undefined
  if (read === undefined || (dates.zone !== undefined && dates.zone !== read.zone)) {
    dates.orders = []
    dates.firstOther = cell
    return
  }
  dates.zone = read.zone
  dates.orders = orders
  if (read.has === 'second' || dates.has === 'day') dates.has = read.has
}
