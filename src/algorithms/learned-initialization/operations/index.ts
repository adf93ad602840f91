/** What models of the kind can be asked. */
import { initialize } from './initialize.js'
import { solve } from './solve.js'

export const operations = { initialize, solve }
