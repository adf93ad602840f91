/** What a verdict of adversarial-bias can be held against; linear-claims.ts and network-claims.ts in report/ say and judge each. */
export const linearClaims = ['faster', 'half', 'ahead', 'law', 'limit', 'mixed-norm', 'control'] as const
export const networkClaims = ['robust', 'wide'] as const
export const claimNames = [...linearClaims, ...networkClaims] as const
export type LinearClaim = typeof linearClaims[number]
export type NetworkClaim = typeof networkClaims[number]
export type ClaimName = typeof claimNames[number]
