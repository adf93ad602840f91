import { openTestEngine } from './helpers.js'
import { testTargets } from './target-cases.js'

testTargets(await openTestEngine('wasm'))
