import { openTestEngine } from './helpers.js'
import { testPreprocess } from './preprocess-cases.js'

testPreprocess(await openTestEngine('wasm'))
