import { testHeads } from './head-cases.js'
import { testLayers } from './layer-cases.js'
import { openTestEngine } from './helpers.js'

const engine = await openTestEngine()
testLayers(engine)
testHeads(engine)
