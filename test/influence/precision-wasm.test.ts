import { openTestEngine } from '../tensor/helpers.js'
import { testPrecision } from './precision-cases.js'

testPrecision(await openTestEngine('wasm'))
