import { testCrops } from './crop-cases.js'
import { openTestEngine } from './helpers.js'

testCrops(await openTestEngine('wasm'))
