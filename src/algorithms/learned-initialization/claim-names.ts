/**
 * What a verdict of learned-initialization can be held against: check-claims.ts says what each needs, gain-claims.ts and
 * known-claims.ts in report/ say and judge each.
 */
export const gainClaims = ['arg-init-gains', 'arg-init-sooner', 'order', 'val-init-gains', 'val-init-ranks'] as const
export const knownClaims = ['reference-below-corner', 'reference-stationary', 'convex-equal', 'basin-mass', 'learned-succeeds', 'nothing-to-learn'] as const
export const claimNames = [...gainClaims, ...knownClaims] as const
export type GainClaim = typeof gainClaims[number]
export type KnownClaim = typeof knownClaims[number]
export type ClaimName = typeof claimNames[number]
