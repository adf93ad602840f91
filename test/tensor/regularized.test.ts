import { openTestEngine } from './helpers.js'
import { testRegularized } from './regularized-cases.js'

testRegularized(await openTestEngine())
