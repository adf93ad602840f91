/** The statements that a verdict can be held against: check.ts says what each needs, report/claims.ts and sweep/claims.ts when it holds. */
export const trainingClaimNames = [
  'adm-over-gd', 'gd-over-pce', 'adm-accurate', 'adm-lower-energy', 'gd-erases', 'adm-withstands', 'gd-prefers-smooth'
] as const
export type TrainingClaimName = typeof trainingClaimNames[number]

/** Of sweeps, which train nothing. */
export const sweepClaimNames = ['dense-basin-wider', 'dense-minimum-flatter'] as const
export type SweepClaimName = typeof sweepClaimNames[number]

export const claimNames = [...trainingClaimNames, ...sweepClaimNames] as const
