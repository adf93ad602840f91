/** Data sets as CSV: a row per example. Plain or gzip. The file becomes a table in reader.ts; what a table becomes: ../../table. */
import { Type } from '../../../schema/type.js'
import { prepareTable } from '../../table/index.js'
import { TableOptions } from '../../table/options.js'
import { defineFormat } from '../format.js'
import { openCsv } from './reader.js'
import { CsvReading } from './reading.js'

export const csv = defineFormat({
  name: 'csv',
  description: 'one example a line, plain or gzip',
  files: { train: 'the training split', test: 'the test split' },
  needed: ['train'],
  tests: ['test'],
  options: Type.Object({ ...TableOptions.properties, ...CsvReading.properties }),
  async prepare ({ train, test }, options, context) {
    const first = await openCsv(train!, options, context.tally, context.helpers)
    const second = test && await openCsv(test, options, context.tally, context.helpers)
    return await prepareTable({ train: first, ...(second ? { test: second } : {}) }, options, context)
  }
})
