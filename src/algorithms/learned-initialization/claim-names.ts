/** The statements that a verdict can be held against: check-claims.ts says what each needs, report/claims.ts when it holds. */
export const claimNames = [
  'arg-init-gains', 'arg-init-sooner', 'order', 'val-init-gains', 'val-init-ranks', 'reference-below-corner', 'reference-stationary',
  'convex-equal', 'basin-mass', 'learned-succeeds', 'nothing-to-learn'
] as const
export type ClaimName = typeof claimNames[number]
