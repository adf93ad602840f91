/** The statements that a verdict can be held against: check.ts says what each needs, report/claims.ts when it holds. */
export const claimNames = ['adm-over-gd', 'gd-over-pce', 'adm-accurate', 'adm-lower-energy', 'gd-erases', 'adm-withstands'] as const
export type ClaimName = typeof claimNames[number]
