/** What the upload says of every column of a table: whether it is predicted, and its type where that is told. */
import { broken, show } from '../limits.js'
import type { ColumnType } from '../report.js'
import { findColumn, nameColumn, type Header } from './header.js'
import type { DetailedType, TableOptions } from './options.js'
import type { TableSource } from './source.js'

export interface Roles {
  /** the column with the class, or those with the numbers to predict */
  target: { type: 'classes', column: number, isTold: boolean } | { type: 'values', columns: number[] }
  /** whose equal cells stay in one split */
  group: number | undefined
  /** types by position, where they are told */
  told: Map<number, ToldColumn>
}

export interface ToldColumn { type: ColumnType, detail?: DetailedType }

/** Resolves the names that the upload gives. @throws AppError invalid_dataset when they do not go together */
export function assignRoles (source: TableSource, header: Header, options: TableOptions): Roles {
  const { file } = source
  const find = (option: string, name: string): number => findColumn(source, header, option, name)
  if (options.labelColumn !== undefined && options.targetColumns !== undefined) {
    throw broken(file, 'the target must be labelColumn (classes) or targetColumns (numbers), got both')
  }
  const told = new Map<number, ToldColumn>()
  for (const [name, type] of Object.entries(options.columns ?? {})) {
    const column = find('columns', name)
    if (told.has(column)) throw broken(file, `columns must name a column once, got ${show(name)} and another name of ${nameColumn(column, header)}`)
    told.set(column, typeof type === 'string' ? { type } : { type: type.type, detail: type })
  }
  const group = options.groupColumn === undefined ? undefined : find('groupColumn', options.groupColumn)
  if (group !== undefined && !told.has(group)) told.set(group, { type: 'id' })
  const target = findTarget(header, options, find)
  for (const column of target.type === 'values' ? target.columns : [target.column]) {
    const type = told.get(column)?.type
    const fits = target.type === 'values' ? ['number'] : ['category']
    if (column === group) throw broken(file, `groupColumn must be none that is predicted, got ${nameColumn(column, header)}`)
    if (type !== undefined && !fits.includes(type)) throw broken(file, `columns: ${nameColumn(column, header)} is predicted and must be ${fits.join()}, got ${type}`)
  }
  return { target, group, told }
}

function findTarget (header: Header, { labelColumn, targetColumns }: TableOptions, find: (option: string, name: string) => number): Roles['target'] {
  if (targetColumns !== undefined) {
    return { type: 'values', columns: [...new Set(targetColumns.map(name => find('targetColumns', name)))] }
  }
  if (labelColumn === undefined || labelColumn === 'last') {
    const named = labelColumn === undefined ? -1 : header.names?.indexOf(labelColumn) ?? -1
    return { type: 'classes', column: named >= 0 ? named : header.width - 1, isTold: labelColumn !== undefined }
  }
  return { type: 'classes', column: find('labelColumn', labelColumn), isTold: true }
}
