import { testAugmentation } from './augmentation-cases.js'
import { openTestEngine } from './helpers.js'

testAugmentation(await openTestEngine())
