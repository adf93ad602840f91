/** Attacks on WebAssembly: the oracles of every backend. A process keeps its backend, so this is a file of its own. */
import { testAttacks } from './attack-oracles.js'
import { openTestEngine } from './helpers.js'

testAttacks(await openTestEngine('wasm'))
