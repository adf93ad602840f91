import { openTestEngine } from '../tensor/helpers.js'
import { testTexts } from './text-cases.js'

testTexts(await openTestEngine())
