/** Says which columns become inputs: numbers, categories and dates together, or text alone. */
import { broken, show, type UploadedFile } from '../limits.js'
import type { Warning } from '../report.js'
import type { TypedColumn } from './find-types.js'
import type { Header } from './header.js'

export interface Inputs {
  type: 'features' | 'text'
  columns: TypedColumn[]
  warnings: Warning[]
}

/**
 * Chooses. Text that was found beside other inputs is left out, and a warning says so; text that was told is all there
 * may be.
 * @throws AppError invalid_dataset when nothing is left, or text was told beside other inputs
 */
export function chooseInputs (file: UploadedFile, columns: TypedColumn[], header: Header): Inputs {
  const nameOf = ({ profile: { position } }: TypedColumn): string => String(header.names?.[position] ?? position)
  const texts = columns.filter(({ type }) => type === 'text')
  const others = columns.filter(({ type }) => type === 'number' || type === 'category' || type === 'date')
  const toldTexts = texts.filter(({ told }) => told !== undefined)
  const toldOthers = others.filter(({ told }) => told !== undefined)
  const leave = (left: TypedColumn[], why: (name: string) => string): Warning[] =>
    left.map(column => ({ code: 'left_out', column: nameOf(column), text: `column ${show(nameOf(column))} is no input: ${why(nameOf(column))}` }))
  const warnings = leave(columns.filter(({ type, told }) => told === undefined && (type === 'id' || type === 'ignore')), () => 'its cells are row numbers, words that all differ, or empty')
  if (toldTexts.length > 0) {
    if (toldOthers.length > 0) throw broken(file, `columns: inputs must be text or other types, got text for ${show(nameOf(toldTexts[0]!))} and ${toldOthers[0]!.type} for ${show(nameOf(toldOthers[0]!))}; let one of them be ignored`)
    const left = [...others, ...texts.filter(({ told }) => told === undefined)]
    return { type: 'text', columns: toldTexts, warnings: [...warnings, ...leave(left, () => 'columns says that others are the text, and text has no other inputs beside it')] }
  }
  if (others.length > 0) {
    return { type: 'features', columns: others, warnings: [...warnings, ...leave(texts, name => `it has text; with columns={${show(name)}: "text"} it is all that is learned from, with "category" its cells are words of one kind`)] }
  }
  if (texts.length === 0) throw broken(file, 'there must be a column to learn from beside the target, got none; let columns say what they are')
  return { type: 'text', columns: texts, warnings }
}
