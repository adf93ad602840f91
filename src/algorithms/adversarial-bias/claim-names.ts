/** What a verdict of adversarial-bias can be held against; report/claims.ts says each in words and judges it. */
export const claimNames = ['faster', 'half', 'law', 'limit', 'mixed-norm', 'control', 'robust', 'wide'] as const
export type ClaimName = typeof claimNames[number]
