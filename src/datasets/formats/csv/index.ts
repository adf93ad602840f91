/** Data sets as CSV: a row per example. Plain or gzip. The file becomes a table in source.ts; what a table becomes: ../../table. */
import { Type } from 'typebox'
import { choice } from '../../../choices.js'
import { prepareTable } from '../../table/index.js'
import { TableOptions } from '../../table/options.js'
import { defineFormat } from '../format.js'
import { openCsv } from './source.js'

export const csv = defineFormat({
  name: 'csv',
  description: 'one example a line, plain or gzip',
  files: { train: 'the training split', test: 'the test split' },
  needed: ['train'],
  tests: ['test'],
  options: Type.Object({
    ...TableOptions.properties,
    header: Type.Optional(choice(['auto', 'true', 'false'], { description: 'whether the first line has names; auto, the default, looks whether it has a name that the upload says, or a word above numbers, and is refused where the line may be both. Names must differ' }))
  }),
  async prepare ({ train, test }, options, context) {
    const hasNames = options.header === undefined || options.header === 'auto' ? undefined : options.header === 'true'
    const files = { train: await openCsv(train!, hasNames, context.tally), ...(test ? { test: await openCsv(test, hasNames, context.tally) } : {}) }
    return await prepareTable(files, options, context)
  }
})
