/** What a verdict of leader-sgd can be held against; report/claims.ts says each in words and judges it. */
export const claimNames = [
  'sinc', 'escapes', 'completion', 'stationary', 'one-step', 'decay', 'noisy-leader', 'newton', 'not-worse', 'all-lead', 'sooner'
] as const
export type ClaimName = typeof claimNames[number]
