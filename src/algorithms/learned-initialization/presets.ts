/** The presets, smallest first. */
import type { Preset } from '../contract.js'
import type { InitializationSpec } from './spec.js'

export const presets: Preset<InitializationSpec>[] = []
