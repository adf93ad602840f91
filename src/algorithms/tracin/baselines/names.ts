/** The baselines by name, and what each can be used for. */

/** Everything but self-influence by which examples can be ordered in the search for wrong labels. */
export const baselineNames = [
  'mean-loss', 'el2n', 'margin', 'loss', 'gradient-norm', 'confident-learning', 'influence-function', 'representer'
] as const
export type BaselineName = typeof baselineNames[number]

/** What speaks of probabilities or logits of classes, and of nothing that values have. */
const ofClassesOnly: readonly BaselineName[] = ['el2n', 'margin', 'confident-learning', 'representer']

/** The baselines that a target can have. */
export function baselinesFor (target: 'classes' | 'values'): BaselineName[] {
  return baselineNames.filter(name => target === 'classes' || !ofClassesOnly.includes(name))
}

/** What the last layer is fitted to again for representer points: the training labels, or the model's own probabilities. */
export const representerTargets = ['labels', 'outputs'] as const
export type RepresenterTarget = typeof representerTargets[number]
