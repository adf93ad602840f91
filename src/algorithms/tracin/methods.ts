/** The orders in which examples can be checked for wrong labels, and what they are called. */
import { baselineNames } from './baselines/names.js'

export const methodNames = ['tracin-last', 'tracin-all', ...baselineNames, 'random'] as const
export type MethodName = typeof methodNames[number]

/** What a method is called in tables, legends and sentences. */
export const methodTitles: Record<MethodName, string> = {
  'tracin-last': 'TracInCP (last layer)',
  'tracin-all': 'TracInCP (all layers)',
  'mean-loss': 'mean loss',
  el2n: 'EL2N',
  margin: 'margin (AUM)',
  loss: 'loss at the end',
  'gradient-norm': 'gradient norm at the end',
  'confident-learning': 'confident learning',
  'influence-function': 'influence function',
  representer: 'representer points',
  random: 'random order'
}

/** Whether a method is one that self-influence is compared with: neither TracInCP nor chance. */
export function isBaseline (name: MethodName): boolean {
  return (baselineNames as readonly MethodName[]).includes(name)
}
