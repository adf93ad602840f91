/** Data sets as Parquet files: a row per example. The file becomes a table in reader.ts; what a table becomes: ../../table. */
import { prepareTable } from '../../table/index.js'
import { TableOptions } from '../../table/options.js'
import { defineFormat } from '../format.js'
import { openParquet } from './reader.js'

export const parquet = defineFormat({
  name: 'parquet',
  description: 'one example a row, plain or gzip',
  files: { train: 'the training split', test: 'the test split' },
  needed: ['train'],
  tests: ['test'],
  options: TableOptions,
  async prepare ({ train, test }, options, context) {
    const first = await openParquet(train!, context)
    const second = test && await openParquet(test, context)
    return await prepareTable({ train: first, ...(second ? { test: second } : {}) }, options, context)
  }
})
