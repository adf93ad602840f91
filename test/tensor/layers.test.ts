import { testLayers } from './layer-cases.js'
import { openTestEngine } from './helpers.js'

testLayers(await openTestEngine())
