import type { Preset } from '../contract.js'
import type { SegmentationSpec } from './spec.js'
export const presets: Preset<SegmentationSpec>[] = []
